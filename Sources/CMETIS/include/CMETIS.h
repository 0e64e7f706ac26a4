// METIS, loaded when it is first needed.
//
// Debian has no archive of it to link, and a program that records on a production machine should not
// want a library that only a layout on a workstation needs.
#ifndef OSLET_CMETIS_H
#define OSLET_CMETIS_H

#include <stdint.h>

// What oslet_metis_partition returns.
enum {
  OSLET_METIS_OK = 0,
  // No libmetis.so.5 on this machine, or one without METIS_PartGraphKway.
  OSLET_METIS_MISSING = 1,
  // One built with 64-bit indices.
  OSLET_METIS_WIDE = 2,
  // It refused the graph or had no memory.
  OSLET_METIS_FAILED = 3,
};

// Divides `vertices` vertices into `parts` parts by METIS_PartGraphKway (METIS 5.1 manual, section 5.8):
// part p gets `shares[p]` of the vertex weight, the weight of the edges between parts is small.
//
// The graph is in compressed rows: the neighbours of v are neighbours[offsets[v] ..< offsets[v + 1]].
// Not reentrant: METIS draws from the C library's rand().
int oslet_metis_partition(int32_t vertices, const int32_t *offsets, const int32_t *neighbours,
                          const int32_t *vertex_weights, const int32_t *edge_weights, int32_t parts,
                          const float *shares, int32_t seed, int32_t *part_of_vertex);

#endif
