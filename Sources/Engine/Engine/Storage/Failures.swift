internal import ContentStore
internal import Database
internal import ImageSpec
internal import Layers
internal import LineProtocol
internal import LinuxKernel
internal import RegistryClient
internal import Snapshots

// The engine's failures are the protocol's: a kind for programs, one line for people. This is where the failures of
// the rooms below become such.

extension ProtocolFailure {
    init(_ error: SystemError) {
        switch error.errno {
        case .noSpace, .quota: self.init(.noSpace, "\(error)")
        case .accessDenied, .notPermitted: self.init(.permissionDenied, "\(error)")
        default: self.init(.system, "\(error)")
        }
    }

    init(_ error: DatabaseError) { self.init(error.code == .noSpace ? .noSpace : .system, error.message) }

    init(_ error: SnapshotError) { self.init(error.isOutOfSpace ? .noSpace : .system, "\(error)") }

    init(_ error: ContentStoreError) { self.init(error.isOutOfSpace ? .noSpace : .system, "\(error)") }

    init(_ error: LayerError) {
        switch error {
        case _ where error.isOutOfSpace: self.init(.noSpace, "\(error)")
        case .system, .content(.system): self.init(.system, "\(error)")
        case .invalidChange: self.init(.invalidArgument, "\(error)")
        default: self.init(.invalidImage, "\(error)")
        }
    }

    init(_ error: RegistryClientError) {
        switch error {
        case .cancelled: self.init(.cancelled, "the request was cancelled")
        case .content(let error): self.init(error)
        case .document(let error): self.init(error)
        case .notFound: self.init(.noSuchImage, "\(error)")
        case .unauthorized: self.init(.unauthorized, "\(error)")
        case .unusable, .untrustworthy: self.init(.invalidImage, "\(error)")
        case .transfer, .refused: self.init(.registryFailed, "\(error)")
        }
    }

    init(_ error: ImageSpecError) {
        self.init(error.code == .invalidReference ? .invalidArgument : .invalidImage, error.reason)
    }
}
