import LinuxKernel
import SetupPlan
import Testing

@Suite("Mount options are those of mount(8) and of config-linux.md")
struct MountOptionTests {
    @Test("an option and its opposite: the last counts")
    func opposites() {
        #expect(MountOptions(["ro", "rw"]).set.isEmpty)
        #expect(MountOptions(["rw", "ro"]).set == .readOnly)
        #expect(MountOptions(["sync", "async"]).filesystemFlags.isEmpty)
        #expect(MountOptions(["rro", "rrw"]).recursiveSet.isEmpty)
        #expect(MountOptions(["rrw", "rro"]).recursiveClear.isEmpty)
    }

    @Test("recursive options stay apart from those of the mount itself")
    func recursive() {
        let options = MountOptions(["rro", "nosuid", "rprivate", "rbind"])
        #expect(options.recursiveSet == .readOnly)
        #expect(options.set == .noSetUserID)
        #expect(options.bindsRecursively)
        #expect(options.propagation.map(\.propagation) == [.private])
        #expect(options.propagation.map(\.recursively) == [true])
    }

    @Test(
        "every recursive option has its flag, and clears the bits of which access times are one",
        arguments: [
            ("rro", .readOnly, []), ("rrw", [], .readOnly), ("rnosuid", .noSetUserID, []), ("rsuid", [], .noSetUserID),
            ("rnodev", .noDevices, []), ("rdev", [], .noDevices), ("rnoexec", .noExecution, []),
            ("rexec", [], .noExecution), ("rnodiratime", .noDirectoryAccessTime, []),
            ("rdiratime", [], .noDirectoryAccessTime), ("rnosymfollow", .noSymbolicLinks, []),
            ("rsymfollow", [], .noSymbolicLinks), ("rnoatime", .noAccessTime, .accessTimeKinds),
            ("ratime", [], .accessTimeKinds), ("rrelatime", [], .accessTimeKinds),
            ("rnorelatime", [], .accessTimeKinds), ("rstrictatime", .strictAccessTime, .accessTimeKinds),
            ("rnostrictatime", [], .accessTimeKinds),
        ] as [(String, MountAttributes, MountAttributes)])
    func recursiveFlags(_ word: String, _ set: MountAttributes, _ clear: MountAttributes) {
        let options = MountOptions([word])
        #expect(options.recursiveSet == set)
        #expect(options.recursiveClear == clear)
        #expect(MountOptions.knownNames.contains(word))
    }

    @Test("what no table knows is the file system's own")
    func data() {
        #expect(
            MountOptions(["size=64k", "mode=755", "newinstance", "sync", "acl"]).data == [
                "size=64k", "mode=755", "newinstance", "acl",
            ])
        #expect(MountOptions(["sync"]).filesystemFlags == ["sync"])
    }

    @Test("a new mount has strict access times before none, and relative ones unless told otherwise")
    func accessTimes() {
        #expect(MountOptions(["noatime"]).attributes == .noAccessTime)
        #expect(MountOptions(["noatime", "strictatime"]).attributes == .strictAccessTime)
        #expect(MountOptions(["noatime", "atime"]).attributes.isEmpty)
        #expect(MountOptions(["norelatime"]).attributes.isEmpty)
        #expect(MountOptions(["nodiratime", "ro"]).attributes == [.noDirectoryAccessTime, .readOnly])
    }

    @Test("every option that config.md lists is known")
    func complete() {
        let listed = """
            async atime bind defaults dev diratime dirsync exec iversion lazytime loud mand noatime nodev nodiratime
            noexec noiversion nolazytime nomand norelatime nostrictatime nosuid nosymfollow private ratime rbind rdev
            rdiratime relatime remount rexec rnoatime rnodiratime rnoexec rnorelatime rnostrictatime rnosuid
            rnosymfollow ro rprivate rrelatime rro rrw rshared rslave rstrictatime rsuid rsymfollow runbindable rw
            shared silent slave strictatime suid symfollow sync tmpcopyup unbindable idmap ridmap
            """
        let unknown = Set(listed.split(whereSeparator: \.isWhitespace).map(String.init))
            .subtracting(MountOptions.knownNames)
        #expect(unknown.isEmpty)
    }
}

@Suite("A bind mount's flags are its source's until an option names one")
struct MountFlagsTests {
    private static let others: MountAttributes = [
        .readOnly, .noSetUserID, .noDevices, .noExecution, .noSymbolicLinks,
    ]
    private static let times: MountAttributes = [.accessTimeKinds, .noDirectoryAccessTime]

    @Test("words of propagation and of what is bound name no flag")
    func none() {
        #expect(MountOptions(["rbind", "rprivate", "defaults", "rro"]).flagsOfBind == nil)
    }

    @Test("what is not named is cleared, but for access times")
    func exact() throws {
        let flags = try #require(MountOptions(["bind", "nodev"]).flagsOfBind)
        #expect(flags.set == .noDevices)
        #expect(flags.clear == Self.others)
        #expect(try #require(MountOptions(["bind", "dev"]).flagsOfBind).set.isEmpty)
        // Naming what they are not leaves access times alone: mount(2).
        #expect(try #require(MountOptions(["bind", "norelatime"]).flagsOfBind).clear == Self.others)
    }

    @Test("one word for access times decides all of them")
    func accessTimes() throws {
        let flags = try #require(MountOptions(["bind", "nodiratime", "strictatime"]).flagsOfBind)
        #expect(flags.set == [.noDirectoryAccessTime, .strictAccessTime])
        #expect(flags.clear == Self.others.union(Self.times))
        #expect(try #require(MountOptions(["bind", "relatime"]).flagsOfBind).set.isEmpty)
    }

    @Test("locked flags stay, those that cannot be locked go")
    func locked() throws {
        let source: MountAttributes = [.readOnly, .noExecution, .noSymbolicLinks, .noAccessTime]
        let flags = try MountOptions(["bind", "nosuid"]).flags(lockedBy: source)
        #expect(flags.set == [.readOnly, .noExecution, .noSetUserID])
        #expect(flags.clear == Self.others)
    }

    @Test(
        "an option that asks for a locked flag's opposite is refused",
        arguments: [
            (["rw"], .readOnly), (["dev", "nosuid"], .noDevices), (["suid"], .noSetUserID), (["exec"], .noExecution),
            (["strictatime"], .noAccessTime), (["relatime"], .noAccessTime), (["noatime"], .strictAccessTime),
            (["nodiratime"], []), (["atime"], .noAccessTime), (["norelatime"], []),
        ] as [([String], MountAttributes)])
    func refused(_ words: [String], _ source: MountAttributes) {
        #expect(throws: LockedFlags.self) { try MountOptions(["bind"] + words).flags(lockedBy: source) }
    }

    @Test("asking for what a source has, or is rid of, is granted")
    func granted() throws {
        #expect(try MountOptions(["bind", "noatime"]).flags(lockedBy: .noAccessTime).set.isEmpty)
        #expect(try MountOptions(["bind", "relatime"]).flags(lockedBy: .readOnly).set == .readOnly)
        #expect(try MountOptions(["bind", "dev"]).flags(lockedBy: .readOnly).set == .readOnly)
    }

    @Test("a refusal names the flags")
    func message() {
        do throws(LockedFlags) {
            _ = try MountOptions(["bind", "rw", "dev"]).flags(lockedBy: [.readOnly, .noDevices])
        } catch { #expect(error.description == "locked flags of the source: ro,nodev") }
    }
}
