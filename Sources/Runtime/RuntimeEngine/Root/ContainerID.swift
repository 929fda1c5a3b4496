/// What may be a container's identifier: a directory's name that is nothing else.
enum ContainerID {
    static func check(_ id: String) throws(RuntimeError) {
        let allowed = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard allowed, !id.isEmpty, id != ".", id != "..", id.utf8.count <= 255 else {
            throw RuntimeError(
                .invalidConfiguration,
                "invalid container id \"\(id)\": use letters, digits and _ + - . only, at most 255 of them")
        }
    }
}
