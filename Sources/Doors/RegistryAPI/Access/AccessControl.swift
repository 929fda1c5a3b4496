public import BlockingThreads
public import HTTPService

/// Who may do what with a registry.
public enum AccessControl: Sendable {
    case everybody
    case passwords(PasswordFile, allowsAnonymousPulls: Bool)
    case tokens(TokenPolicy, TokenKeyFile)

    /// Puts it before a service.
    public func guarding(_ service: any HTTPService, on threads: BlockingThreads) -> any HTTPService {
        switch self {
        case .everybody: service
        case .passwords(let file, let allowsAnonymousPulls):
            BasicAccess(service, passwords: file, allowsAnonymousPulls: allowsAnonymousPulls, on: threads)
        case .tokens(let policy, let keys):
            TokenAccess(service, policy: policy, keys: keys, on: threads)
        }
    }

    /// Whether rights differ from repository to repository.
    var isByRepository: Bool {
        if case .tokens = self { true } else { false }
    }
}
