internal import Cgroups

/// Names of cgroups, and what the kernel says of those that there are: a name, however it is spelt, stays below the
/// cgroup that it is looked for in.
enum CgroupSubjects {
    static func examine(_ text: String) {
        confine(text, start: "/")
        confine(text, start: "/own/cgroup")
        // The same text as both files; of most, only one has a line that can be read.
        let layout = CgroupLayout(mountinfo: text, cgroup: text)
        for hierarchy in layout.legacy + [layout.unified].compactMap({ $0 }) {
            for isPurelyUnified in [false, true] {
                checkClean(hierarchy.place(of: text, id: "fuzzed", isPurelyUnified: isPurelyUnified))
            }
        }
    }

    private static func confine(_ text: String, start: String) {
        let cleaned = CgroupPath.clean(text)
        precondition(CgroupPath.clean(cleaned) == cleaned, "\(text) became \(cleaned), which is not clean")
        let place = CgroupPath.join(start, text)
        checkClean(place)
        precondition(CgroupPath.below(start, place) != nil, "\(text) leads from \(start) to \(place)")
    }

    private static func checkClean(_ place: String) {
        precondition(place.hasPrefix("/"), "\(place) is not absolute")
        let names = place.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
        let isTop = place == "/"
        for name in names where !isTop {
            let word = Array(name)
            precondition(![[], [0x2e], [0x2e, 0x2e]].contains(word), "\(place) is not clean")
        }
    }
}
