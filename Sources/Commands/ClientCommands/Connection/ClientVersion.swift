internal import LineProtocol

/// What this client is.
enum ClientVersion {
    static let current = "0.1.0"
    static let protocolVersion = Hello.version

    #if arch(x86_64)
        static let architecture = "amd64"
    #elseif arch(arm64)
        static let architecture = "arm64"
    #else
        static let architecture = "unknown"
    #endif
}
