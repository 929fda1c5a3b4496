import Testing

@testable import Cgroups

@Suite("The hierarchies are found where the kernel says they are")
struct LayoutTests {
    @Test("a hybrid layout has every v1 hierarchy and the unified one")
    func hybrid() throws {
        let layout = try layout("hybrid")
        #expect(!layout.isPurelyUnified)
        #expect(layout.unified?.mountPoint == "/sys/fs/cgroup/unified")
        #expect(layout.hierarchy(of: "cpuacct")?.controllers == ["cpu", "cpuacct"])
        #expect(layout.hierarchy(of: "name=systemd")?.ownCgroup == "/user.slice/session-1.scope")
        #expect(layout.hierarchy(of: "blkio") == nil)
    }

    @Test("a purely unified layout is one hierarchy")
    func unified() throws {
        let layout = try layout("unified")
        #expect(layout.isPurelyUnified)
        #expect(layout.unified?.mountPoint == "/sys/fs/cgroup")
    }

    @Test("inside a container the own cgroup is counted from what the mount shows")
    func nested() throws {
        let layout = try layout("nested")
        let memory = try #require(layout.hierarchy(of: "memory"))
        #expect(memory.mountPoint == "/sys/fs/cgroup/memory")
        #expect(memory.ownCgroup == "/inner")
        #expect(layout.hierarchy(of: "pids")?.ownCgroup == "/")
        #expect(layout.unified == nil)
    }

    @Test("octal escapes of mountinfo are undone")
    func escapes() {
        let line = #"512 500 0:32 /a\040b /mnt/with\040space\134x rw - cgroup cgroup rw,memory"#
        let mount = CgroupMount(line[...])
        #expect(mount?.mountPoint == #"/mnt/with space\x"#)
        #expect(mount?.root == "/a b")
    }

    @Test("lines that make no sense are left out", arguments: ["", "1 2 3", "1 2 0:1 / / rw - cgroup", "a:b"])
    func nonsense(_ line: String) {
        #expect(CgroupMount(line[...]) == nil)
        #expect(Membership(line[...]) == nil)
    }
}

@Suite("A container's cgroup lies where cgroupsPath says")
struct PlaceTests {
    private func place(_ layoutName: String, _ controller: String?, _ path: String?) throws -> String? {
        let layout = try layout(layoutName)
        let hierarchy = controller.map { layout.hierarchy(of: $0) } ?? layout.unified
        return hierarchy?.place(of: path, id: "box", isPurelyUnified: layout.isPurelyUnified)
    }

    /// To Swift a slash with an accent behind it is one character, and a letter with one equals another of other bytes.
    @Test("an absolute path is one that begins with the byte of a slash, whatever comes behind it")
    func accents() throws {
        #expect(try place("hybrid", "memory", "/\u{301}a//b") == "/\u{301}a/b")
        #expect(CgroupPath.below("/own", "/own/\u{301}a") == "/\u{301}a")
        #expect(CgroupPath.below("/e\u{301}", "/\u{e9}") == nil)
        #expect(CgroupPath.below("/own", "/owner") == nil)
        #expect(CgroupPath.below("/own", "/own") == "/")
        #expect(CgroupPath.parent(of: "/own/\u{301}a") == "/own")
    }

    @Test("an absolute path begins at the hierarchy's root")
    func absolute() throws {
        #expect(try place("hybrid", "memory", "/a/b") == "/a/b")
        #expect(try place("unified", nil, "/a/b") == "/a/b")
    }

    @Test("a relative path begins at the runtime's own cgroup")
    func relative() throws {
        #expect(try place("hybrid", "memory", "a/b") == "/user.slice/session-1.scope/a/b")
        #expect(try place("hybrid", "freezer", "a") == "/a")
    }

    @Test("no path at all means the identifier")
    func absent() throws {
        #expect(try place("hybrid", "memory", nil) == "/user.slice/session-1.scope/box")
        #expect(try place("hybrid", "freezer", "") == "/box")
        #expect(try place("hybrid", "freezer", "/") == "/box")
    }

    @Test("on a purely unified layout the parent of the own cgroup is taken, as that one holds processes")
    func parentOnUnified() throws {
        #expect(try place("unified", nil, nil) == "/user.slice/user-1000.slice/box")
        #expect(try place("unified", nil, "x") == "/user.slice/user-1000.slice/x")
    }

    @Test("no path leads above where it begins", arguments: ["../../../x", "a/../../x", "./../x"])
    func escape(_ path: String) throws {
        #expect(try place("hybrid", "memory", path) == "/user.slice/session-1.scope/x")
        #expect(try place("hybrid", "memory", "/" + path) == "/x")
    }

    private func order(_ path: String) -> CgroupOrder {
        var order = CgroupOrder(id: "box")
        order.path = path
        return order
    }

    @Test("saved paths lead to the same directories again")
    func reopening() throws {
        let layout = try layout("hybrid")
        let manager = try layout.makeManager(order("/a/b"))
        #expect(manager.paths["cpu"] == "/sys/fs/cgroup/cpu,cpuacct/a/b")
        #expect(manager.paths["name=systemd"] == "/sys/fs/cgroup/systemd/a/b")
        #expect(manager.paths[""] == "/sys/fs/cgroup/unified/a/b")
        #expect(layout.openManager(paths: manager.paths).paths == manager.paths)
    }

    @Test("a cgroup mount shows every hierarchy, and links for the names of joint ones")
    func mounts() throws {
        let manager = try layout("hybrid").makeManager(order("/a"))
        let cpu = manager.mounts(showingAll: false).first { $0.name == "cpu,cpuacct" }
        #expect(cpu?.links == ["cpu", "cpuacct"])
        #expect(cpu?.path == "/sys/fs/cgroup/cpu,cpuacct/a")
        #expect(cpu?.filesystem == "cgroup")
        #expect(manager.mounts(showingAll: false).contains { $0.name == "unified" && $0.filesystem == "cgroup2" })
    }
}
