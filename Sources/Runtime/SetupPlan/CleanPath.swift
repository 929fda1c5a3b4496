internal import LinuxKernel

/// Paths as names, without asking the file system.
public enum CleanPath {
    /// `path` below `/`, without `.`, `..` and doubled slashes; `..` never leads above `/`.
    public static func absolute(_ path: String) -> String {
        let names = names(path)
        return names.isEmpty ? "/" : "/" + names.joined(by: "/")
    }

    /// `path` itself if it is absolute, else below `directory`; links in it may lead anywhere.
    static func below(_ directory: String, _ path: String) -> String {
        path.hasPrefix("/") ? path : (directory == "/" ? "/" : directory + "/") + path
    }

    /// The names that lead there.
    public static func names(_ path: String) -> [Substring] {
        path.pieces(at: "/").reduce(into: []) { names, name in
            switch name {
            case ".": break
            case "..": _ = names.popLast()
            default: names.append(name)
            }
        }
    }
}
