// C only where Swift cannot reach: each call returns a value, or a negative errno.
// One header a topic; nothing here decides anything.
#ifndef CLINUX_H
#define CLINUX_H

#include "bpf.h"
#include "children.h"
#include "credentials.h"
#include "files.h"
#include "filesystems.h"
#include "mountplaces.h"
#include "mounts.h"
#include "namespaces.h"
#include "polling.h"
#include "pollset.h"
#include "process.h"
#include "seccomp_filter.h"
#include "sockets.h"
#include "terminal.h"
#include "threads.h"
#include "trees.h"

#endif
