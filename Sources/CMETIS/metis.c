#include "CMETIS.h"

#include <dlfcn.h>
#include <metis.h>
#include <stddef.h>
#include <string.h>

_Static_assert(sizeof(idx_t) == sizeof(int32_t) && sizeof(real_t) == sizeof(float),
               "the header is of a METIS with 32-bit indices and single precision, as Debian's");

static __typeof__(METIS_SetDefaultOptions) *set_default_options;
static __typeof__(METIS_PartGraphKway) *part_graph;

// Finds the library; a failure is not remembered, as it may be installed later.
static int load(void) {
  if (part_graph) return OSLET_METIS_OK;
  void *library = dlopen("libmetis.so.5", RTLD_NOW | RTLD_LOCAL);
  if (!library) return OSLET_METIS_MISSING;
  set_default_options = (__typeof__(set_default_options))dlsym(library, "METIS_SetDefaultOptions");
  __typeof__(part_graph) found = (__typeof__(part_graph))dlsym(library, "METIS_PartGraphKway");
  if (!set_default_options || !found) return OSLET_METIS_MISSING;
  // Nothing in the library says how wide its indices are, but the defaults fill METIS_NOPTIONS of them.
  int64_t options[METIS_NOPTIONS];
  memset(options, 0, sizeof options);
  set_default_options((idx_t *)options);
  if (((const idx_t *)options)[METIS_NOPTIONS] != 0) return OSLET_METIS_WIDE;
  part_graph = found;
  return OSLET_METIS_OK;
}

int oslet_metis_partition(int32_t vertices, const int32_t *offsets, const int32_t *neighbours,
                          const int32_t *vertex_weights, const int32_t *edge_weights, int32_t parts,
                          const float *shares, int32_t seed, int32_t *part_of_vertex) {
  int state = load();
  if (state != OSLET_METIS_OK) return state;
  idx_t options[METIS_NOPTIONS];
  set_default_options(options);
  options[METIS_OPTION_SEED] = seed;
  options[METIS_OPTION_NCUTS] = 8;
  idx_t constraints = 1, cut = 0;
  // METIS takes all of it by pointers to variables and changes none of them.
  int result = part_graph(&vertices, &constraints, (idx_t *)offsets, (idx_t *)neighbours,
                          (idx_t *)vertex_weights, NULL, (idx_t *)edge_weights, &parts,
                          (real_t *)shares, NULL, options, &cut, part_of_vertex);
  return result == METIS_OK ? OSLET_METIS_OK : OSLET_METIS_FAILED;
}
