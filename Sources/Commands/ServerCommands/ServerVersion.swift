/// This program's version.
enum ServerVersion {
    static let current = "0.1.0"
}
