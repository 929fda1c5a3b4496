/// All methods of the protocol, as `wherryd protocol --json` prints them and wherry-protocol(7) describes them.
public enum Catalogue {
    /// What both a supervisor and a shim answer about the connection itself.
    public static let connection: [any LineMethod.Type] = [Hello.self, Cancel.self]

    public static let supervisor: [any LineMethod.Type] = [
        ContainerCreate.self, ContainerStart.self, ContainerAttach.self, ContainerResize.self, ContainerStop.self,
        ContainerKill.self, ContainerUpdate.self, ContainerRestart.self, ContainerPause.self, ContainerUnpause.self,
        ContainerRename.self, ContainerRemove.self, ContainerPrune.self, ContainerTop.self, ContainerStats.self,
        ContainerWait.self, ContainerList.self, ContainerInspect.self, ContainerLogs.self, ContainerExec.self,
        ContainerExecWait.self, ContainerDiff.self, ContainerExport.self, ContainerCommit.self, ImageList.self,
        ImageInspect.self, ImageHistory.self, ImageLoad.self, ImageSave.self,
        ImageImport.self, ImagePull.self, ImagePush.self, ImageTag.self, ImagePrune.self, ImageRemove.self,
        RegistryProve.self,
        SystemVersion.self, SystemInfo.self, Events.self,
    ]

    public static let shim: [any LineMethod.Type] = [
        ShimState.self, ShimStart.self, ShimAttach.self, ShimExec.self, ShimResize.self, ShimSignal.self,
        ShimUpdate.self, ShimOutOfMemory.self,
        ShimPause.self, ShimResume.self, ShimWait.self, ShimClose.self,
    ]

    /// The catalogue as a value that can be written as JSON.
    public static var document: Document {
        Document(
            version: Hello.version, longestLine: Line.longest, connection: connection.map(Document.Method.init),
            supervisor: supervisor.map(Document.Method.init), shim: shim.map(Document.Method.init),
            errors: ProtocolFailure.Kind.allCases.map(Document.Failure.init))
    }

    public struct Document: Encodable, Sendable {
        public let version: Int
        public let longestLine: Int
        public let connection: [Method]
        public let supervisor: [Method]
        public let shim: [Method]
        public let errors: [Failure]

        public struct Method: Encodable, Sendable {
            public let name: String
            public let summary: String
            /// Whether items come, as notifications, before the result.
            public let isStream: Bool

            init(_ method: any LineMethod.Type) {
                name = method.name
                summary = method.summary
                isStream = method is any LineStream.Type
            }
        }

        public struct Failure: Encodable, Sendable {
            public let kind: String
            public let code: Int

            init(_ kind: ProtocolFailure.Kind) {
                self.kind = kind.rawValue
                code = kind.code
            }
        }
    }
}
