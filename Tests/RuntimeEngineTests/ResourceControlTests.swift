import RuntimeSpec
import SetupPlan
import Testing

@testable import RuntimeEngine

/// No machine of ours has resctrl: what would be done there is compared with config-linux.md, "IntelRdt".
@Suite("A container's class of service in resctrl")
struct ResourceControlTests {
    private let root = "/resctrl"

    private func plan(_ director: IntelResourceDirector) throws -> ResourceControlPlan {
        var configuration = RuntimeConfiguration(ociVersion: "1.3.0", root: Root(path: "rootfs"))
        configuration.process = Process(user: User(uid: 0, gid: 0), args: ["sh"], cwd: "/")
        configuration.linux = Linux(namespaces: [Namespace(type: .mount)], intelRdt: director)
        return try #require(
            try SetupPlan(configuration, PlanCircumstances(id: "c1", bundle: "/bundle")).resourceControl)
    }

    private func group(_ director: IntelResourceDirector, existing: Set<String> = []) throws -> ResourceControlGroup {
        let existing = existing.union(["/resctrl", "/resctrl/info/L3", "/resctrl/info/MB"])
        return try ResourceControlGroup(plan(director), id: "c1", root: root) { existing.contains($0) }
    }

    @Test("without closID the container's identifier names the class, which goes with the container")
    func own() throws {
        let director = IntelResourceDirector(l3CacheSchema: "L3:0=f", memBwSchema: "MB:0=20")
        let group = try group(director)
        #expect(
            try group.making(plan(director), schemata: nil) == [
                .makeDirectory("/resctrl/c1"), .write("L3:0=f\nMB:0=20\n", to: "/resctrl/c1/schemata"),
            ])
        #expect(group.joining(7) == [.write("7", to: "/resctrl/c1/tasks")])
        #expect(group.removals == ["/resctrl/c1"])
    }

    @Test("a class that was there stays there")
    func existing() throws {
        #expect(try group(IntelResourceDirector(), existing: ["/resctrl/c1"]).removals.isEmpty)
        #expect(try group(IntelResourceDirector(closID: "gold", schemata: ["L3:0=f"])).removals.isEmpty)
    }

    @Test("schemata come after the two schemas of their own")
    func order() throws {
        let director = IntelResourceDirector(
            closID: "gold", schemata: ["L2:0=f", "MB:0=30"], l3CacheSchema: "L3:0=f", memBwSchema: "MB:0=20")
        #expect(try plan(director).lines == ["L3:0=f", "MB:0=20", "L2:0=f", "MB:0=30"])
    }

    @Test("the class / is everybody's")
    func everybody() throws {
        let group = try group(IntelResourceDirector(closID: "/", enableMonitoring: true))
        #expect(group.path == root)
        #expect(group.removals == ["/resctrl/mon_groups/c1"])
    }

    @Test("nothing is written where no schema is given, and the class must be there")
    func noSchema() throws {
        let director = IntelResourceDirector(closID: "gold")
        #expect(throws: RuntimeError.self) { try self.group(director) }
        let group = try group(director, existing: ["/resctrl/gold"])
        #expect(try group.making(plan(director), schemata: "L3:0=f\n").isEmpty)
    }

    @Test("a class that is there must have the schemas, however they are written")
    func comparison() throws {
        let director = IntelResourceDirector(closID: "gold", l3CacheSchema: "L3:0=7f0;1=1f", memBwSchema: "MB:0=20")
        let (plan, group) = (try plan(director), try group(director, existing: ["/resctrl/gold"]))
        let same = "    MB:0= 20;1=100\n    L3:1=001f;0=07F0\n"
        #expect(try group.making(plan, schemata: same).count == 1)
        #expect(throws: RuntimeError.self) { try group.making(plan, schemata: "L3:0=7f0;1=1e\nMB:0=20\n") }
        #expect(throws: RuntimeError.self) { try group.making(plan, schemata: "L3:0=7f0;1=1f\n") }
    }

    @Test("monitoring has a group of the container's name in its class, which goes with the container")
    func monitoring() throws {
        let group = try group(
            IntelResourceDirector(closID: "gold", enableMonitoring: true), existing: ["/resctrl/gold"])
        let place = "/resctrl/gold/mon_groups/c1"
        #expect(
            group.joining(7) == [
                .write("7", to: "/resctrl/gold/tasks"), .makeDirectory(place), .write("7", to: place + "/tasks"),
            ])
        #expect(group.removals == [place])
    }

    @Test("update writes both schemas into the class that the container has")
    func update() throws {
        let group = try group(IntelResourceDirector(l3CacheSchema: "L3:0=f"))
        let schemas = CacheSchemas(cache: "L3:0=3", bandwidth: "MB:0=50")
        #expect(
            try schemas.actions(in: group) { _ in true } == [
                .write("L3:0=3\nMB:0=50\n", to: "/resctrl/c1/schemata")
            ])
        #expect(try CacheSchemas().actions(in: nil) { _ in false }.isEmpty)
    }

    @Test("update refuses what the machine cannot divide, a container without a class, and what is no schema")
    func refusedUpdate() throws {
        let group = try group(IntelResourceDirector(l3CacheSchema: "L3:0=f"))
        let cases: [(CacheSchemas, ResourceControlGroup?, String, String)] = [
            (CacheSchemas(cache: "L3:0=3"), group, "MB", "Intel RDT/CAT: l3 cache schema is not enabled"),
            (CacheSchemas(bandwidth: "MB:0=3"), group, "L3", "memory bandwidth schema is not enabled"),
            (CacheSchemas(cache: "L3:0=3"), nil, "L3", "updating a non-existent Intel RDT configuration"),
            (CacheSchemas(cache: "L3:0=3\nMB:0=1"), group, "L3", "a schema is one line"),
            (CacheSchemas(bandwidth: "L3:0=3"), group, "MB", "a schema is one line"),
        ]
        for (schemas, group, divided, words) in cases {
            let error = #expect(throws: RuntimeError.self) { try schemas.actions(in: group) { $0 == divided } }
            #expect(error?.message.contains(words) == true, "\(String(describing: error))")
        }
    }

    @Test("what the machine cannot divide is refused")
    func resources() throws {
        let director = IntelResourceDirector(memBwSchema: "MB:0=20")
        let plan = try plan(director)
        #expect(throws: RuntimeError.self) {
            try ResourceControlGroup(plan, id: "c1", root: root) { $0 == "/resctrl/info/L3" }
        }
    }

    @Test(
        "what the specification does not allow is refused",
        arguments: [
            IntelResourceDirector(closID: ".."), IntelResourceDirector(closID: "a/b"),
            IntelResourceDirector(memBwSchema: "L3:0=1"), IntelResourceDirector(schemata: ["L3:0=1\nMB:0=1"]),
        ])
    func refused(_ director: IntelResourceDirector) {
        #expect(throws: SetupRefusal.self) { try plan(director) }
    }
}
