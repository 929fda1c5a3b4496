#ifndef CLINUX_BPF_H
#define CLINUX_BPF_H

#include <stdint.h>

// bpf(2) for programs of type BPF_PROG_TYPE_CGROUP_DEVICE; `cgroup` is the descriptor of a cgroup v2 directory.
int cl_bpf_load_device_program(const uint64_t *instructions, unsigned count);
// Attaches with BPF_F_ALLOW_MULTI; `replaced` is an attached program's descriptor, or -1.
int cl_bpf_attach_device_program(int cgroup, int program, int replaced);
int cl_bpf_detach_device_program(int cgroup, int program);
// Fills `ids` with the ids of the programs attached right here; returns their count.
int cl_bpf_query_device_programs(int cgroup, uint32_t *ids, unsigned capacity);
int cl_bpf_program_by_id(uint32_t id);

#endif
