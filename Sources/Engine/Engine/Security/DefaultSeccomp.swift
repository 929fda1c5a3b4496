internal import RuntimeSpec

extension SeccompProfile {
    /// What a container's processes may ask of the kernel unless told otherwise: in effect docker's default profile. What
    /// is not listed answers `EPERM`.
    static let standard = SeccompProfile(
        defaultAction: .errno, defaultErrnoRet: 1,
        archMap: [
            Architecture(architecture: "SCMP_ARCH_X86_64", subArchitectures: ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]),
            Architecture(architecture: "SCMP_ARCH_AARCH64", subArchitectures: ["SCMP_ARCH_ARM"]),
        ],
        syscalls: [Rule(names: SystemCalls.allowed, action: .allow)] + SystemCalls.ofArchitectures
            + SystemCalls.sockets + SystemCalls.personalities + SystemCalls.ofCapabilities + SystemCalls.newNamespaces)
}

private enum SystemCalls {
    /// Names only, a topic a line; libseccomp passes over those that an architecture does not have.
    static let allowed = [
        processes, identities, signals, memory, scheduling, time, openFiles, fileContents, fileNames, attributes,
        waiting, asynchronousIO, connections, interprocess, confinement,
    ].flatMap(words)

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    static let ofArchitectures: [SeccompProfile.Rule] = [
        allow("arch_prctl modify_ldt", includes: SeccompProfile.Condition(arches: ["amd64"])),
        allow(
            "arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls",
            includes: SeccompProfile.Condition(arches: ["arm64"])),
    ]

    /// Sockets of every family but AF_ALG (38), the kernel's ciphers, a rich source of faults, and AF_VSOCK (40), which
    /// would reach the hypervisor.
    static let sockets = [
        SeccompArgument(index: 0, value: 38, op: .less), SeccompArgument(index: 0, value: 39, op: .equal),
        SeccompArgument(index: 0, value: 40, op: .greater),
    ].map { allow("socket", $0) }

    /// The personalities of plain Linux: PER_LINUX, PER_LINUX32, UNAME26 with either, and the question alone.
    static let personalities = [0, 0x8, 0x20000, 0x20008, 0xffff_ffff].map {
        allow("personality", SeccompArgument(index: 0, value: $0, op: .equal))
    }

    /// What the kernel itself gives only to those who have a capability.
    static let ofCapabilities = [
        ("CAP_DAC_READ_SEARCH", "open_by_handle_at"),
        ("CAP_SYS_ADMIN", administration),
        ("CAP_SYS_BOOT", "reboot"),
        ("CAP_SYS_CHROOT", "chroot"),
        ("CAP_SYS_MODULE", "delete_module init_module finit_module"),
        ("CAP_SYS_PACCT", "acct"),
        ("CAP_SYS_PTRACE", "kcmp pidfd_getfd process_madvise"),
        ("CAP_SYS_RAWIO", "iopl ioperm"),
        ("CAP_SYS_TIME", "settimeofday stime clock_settime clock_settime64"),
        ("CAP_SYS_TTY_CONFIG", "vhangup"),
        ("CAP_SYS_NICE", "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"),
        ("CAP_SYSLOG", "syslog"),
        ("CAP_BPF", "bpf"),
        ("CAP_PERFMON", "perf_event_open"),
    ].map { allow($1, includes: SeccompProfile.Condition(caps: [$0])) }

    private static let administration = """
        bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr \
        lsm_list_modules lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl \
        quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare
        """

    /// Without CAP_SYS_ADMIN no new namespaces: none of the CLONE_NEW* bits. The flags of clone3(2) lie in memory, where
    /// a filter cannot look: it must seem not to be there (ENOSYS), and libraries fall back to clone(2).
    static let newNamespaces: [SeccompProfile.Rule] = [
        SeccompProfile.Rule(
            names: ["clone"], action: .allow,
            args: [SeccompArgument(index: 0, value: 0x7e02_0000, valueTwo: 0, op: .maskedEqual)],
            excludes: SeccompProfile.Condition(caps: ["CAP_SYS_ADMIN"])),
        SeccompProfile.Rule(
            names: ["clone3"], action: .errno, errnoRet: 38,
            excludes: SeccompProfile.Condition(caps: ["CAP_SYS_ADMIN"])),
    ]

    private static func allow(
        _ names: String, _ argument: SeccompArgument? = nil, includes: SeccompProfile.Condition? = nil
    ) -> SeccompProfile.Rule {
        SeccompProfile.Rule(names: words(names), action: .allow, args: argument.map { [$0] }, includes: includes)
    }

    private static let processes = """
        execve execveat exit exit_group fork vfork wait4 waitid waitpid getpid getppid gettid getpgid getpgrp getsid \
        setpgid setsid pidfd_open pidfd_send_signal process_mrelease process_vm_readv process_vm_writev ptrace prctl \
        set_tid_address set_thread_area get_thread_area set_robust_list get_robust_list rseq restart_syscall \
        uretprobe riscv_hwprobe
        """
    private static let identities = """
        getuid getuid32 geteuid geteuid32 getgid getgid32 getegid getegid32 getresuid getresuid32 getresgid \
        getresgid32 getgroups getgroups32 setuid setuid32 setgid setgid32 setreuid setreuid32 setregid setregid32 \
        setresuid setresuid32 setresgid setresgid32 setgroups setgroups32 setfsuid setfsuid32 setfsgid setfsgid32 \
        capget capset umask uname sysinfo
        """
    private static let signals = """
        kill tkill tgkill pause sigaltstack sigprocmask sigreturn rt_sigaction rt_sigpending rt_sigprocmask \
        rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo signalfd \
        signalfd4
        """
    private static let memory = """
        brk mmap mmap2 munmap mremap mprotect madvise mincore msync mlock mlock2 mlockall munlock munlockall \
        remap_file_pages membarrier memfd_create memfd_secret mseal map_shadow_stack cachestat pkey_alloc pkey_free \
        pkey_mprotect
        """
    private static let scheduling = """
        sched_yield sched_getaffinity sched_setaffinity sched_getattr sched_setattr sched_getparam sched_setparam \
        sched_getscheduler sched_setscheduler sched_get_priority_max sched_get_priority_min sched_rr_get_interval \
        sched_rr_get_interval_time64 getpriority setpriority ioprio_get ioprio_set getrlimit setrlimit ugetrlimit \
        prlimit64 getrusage getcpu times
        """
    private static let time = """
        time gettimeofday adjtimex clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime \
        clock_gettime64 clock_nanosleep clock_nanosleep_time64 nanosleep alarm getitimer setitimer timer_create \
        timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create \
        timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64
        """
    private static let openFiles = """
        open openat openat2 creat close close_range dup dup2 dup3 fcntl fcntl64 flock ioctl pipe pipe2 lseek _llseek \
        name_to_handle_at
        """
    private static let fileContents = """
        read readv pread64 preadv preadv2 readahead write writev pwrite64 pwritev pwritev2 sendfile sendfile64 splice \
        tee vmsplice copy_file_range fadvise64 fadvise64_64 fallocate truncate truncate64 ftruncate ftruncate64 sync \
        syncfs fsync fdatasync sync_file_range
        """
    private static let fileNames = """
        access faccessat faccessat2 chdir fchdir getcwd getdents getdents64 link linkat mkdir mkdirat mknod mknodat \
        readlink readlinkat rename renameat renameat2 rmdir symlink symlinkat unlink unlinkat
        """
    private static let attributes = """
        stat stat64 fstat fstat64 fstatat64 lstat lstat64 newfstatat statx statfs statfs64 fstatfs fstatfs64 chmod \
        fchmod fchmodat fchmodat2 chown chown32 fchown fchown32 fchownat lchown lchown32 utime utimes utimensat \
        utimensat_time64 futimesat getxattr lgetxattr fgetxattr setxattr lsetxattr fsetxattr listxattr llistxattr \
        flistxattr removexattr lremovexattr fremovexattr getxattrat setxattrat listxattrat removexattrat statmount \
        listmount
        """
    private static let waiting = """
        poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64 epoll_create epoll_create1 epoll_ctl \
        epoll_ctl_old epoll_wait epoll_wait_old epoll_pwait epoll_pwait2 eventfd eventfd2 inotify_init inotify_init1 \
        inotify_add_watch inotify_rm_watch fanotify_mark
        """
    private static let asynchronousIO = """
        io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents io_pgetevents_time64
        """
    private static let connections = """
        socketpair socketcall bind listen accept accept4 connect shutdown getsockname getpeername getsockopt \
        setsockopt send sendto sendmsg sendmmsg recv recvfrom recvmsg recvmmsg recvmmsg_time64
        """
    private static let interprocess = """
        futex futex_time64 futex_waitv futex_wait futex_wake futex_requeue ipc msgctl msgget msgrcv msgsnd semctl \
        semget semop semtimedop \
        semtimedop_time64 shmat shmctl shmdt shmget mq_getsetattr mq_notify mq_open mq_timedreceive \
        mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink
        """
    private static let confinement =
        "seccomp landlock_add_rule landlock_create_ruleset landlock_restrict_self getrandom"
}
