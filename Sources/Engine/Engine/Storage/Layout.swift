/// Where the supervisor keeps what it knows. Everything below is readable by its user alone.
///
///     ROOT/wherry.db                    containers, images, volumes
///     ROOT/wherryd.lock                 held while a supervisor works here
///     ROOT/content/                     blobs by digest
///     ROOT/snapshots/                   unpacked layers, containers' writable directories
///     ROOT/volumes/NAME/_data/          volumes
///     ROOT/containers/ID/container.log  what it wrote
///                        exit.json      how it ended, as the shim recorded it
///                        hostname, hosts, resolv.conf
///     STATE/shown/NAME                  a root filesystem that is being opened
///     STATE/containers/ID/              gone when it has ended: bundle (config.json, rootfs), shim.sock, shim.log
struct Layout: Sendable, Hashable {
    let root: String
    let state: String

    var database: String { root + "/wherry.db" }
    var lock: String { root + "/wherryd.lock" }
    var content: String { root + "/content" }
    var snapshots: String { root + "/snapshots" }
    var volumes: String { root + "/volumes" }
    var containers: String { root + "/containers" }
    var containersState: String { state + "/containers" }
    var runtimeState: String { state + "/runtime" }
    /// Where root filesystems are mounted for a moment.
    var shown: String { state + "/shown" }
    func shown(_ name: String) -> String { "\(shown)/\(name)" }

    func volume(_ name: String) -> String { "\(volumes)/\(name)" }
    func volumeData(_ name: String) -> String { "\(volumes)/\(name)/_data" }
    func container(_ id: String) -> ContainerPaths {
        ContainerPaths(lasting: "\(containers)/\(id)", bundle: "\(containersState)/\(id)")
    }
}

/// The two directories of one container.
struct ContainerPaths: Sendable, Hashable {
    let lasting: String
    let bundle: String

    var log: String { lasting + "/container.log" }
    var exitRecord: String { lasting + "/exit.json" }
    var hostname: String { lasting + "/hostname" }
    var hosts: String { lasting + "/hosts" }
    var resolvConf: String { lasting + "/resolv.conf" }

    var configuration: String { bundle + "/config.json" }
    var rootfs: String { bundle + "/rootfs" }
    /// The shared memory of a container whose IPC namespace others may join.
    var sharedMemory: String { bundle + "/shm" }
    var socket: String { bundle + "/shim.sock" }
    var shimLog: String { bundle + "/shim.log" }
    var shimPID: String { bundle + "/shim.pid" }
}
