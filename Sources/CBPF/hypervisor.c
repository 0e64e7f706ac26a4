#include "CBPF.h"

#include <string.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

int oslet_hypervisor_signature(char signature[13])
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned eax, ebx, ecx, edx;

	/* Leaf 1, ECX bit 31: reserved on hardware, set by hypervisors (Intel SDM, AMD APM 3). */
	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx >> 31))
		return 0;
	__cpuid(0x40000000, eax, ebx, ecx, edx);
	memcpy(signature, &ebx, 4);
	memcpy(signature + 4, &ecx, 4);
	memcpy(signature + 8, &edx, 4);
	signature[12] = 0;
	return 1;
#else
	signature[0] = 0;
	return 0;
#endif
}

int oslet_kvm_spinlock_features(void)
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned eax, ebx, ecx, edx;

	/* KVM_CPUID_FEATURES: Documentation/virt/kvm/x86/cpuid.rst. */
	__cpuid(0x40000001, eax, ebx, ecx, edx);
	return (eax >> 7 & 1) | (edx & 1) << 1;
#else
	return 0;
#endif
}
