import LineProtocol
import LinuxKernel

/// wherry-shim(8), from its command line to its exit status.
public enum ShimProgram {
    public static let version = "0.1.0"

    /// Runs the program. Its exit status is 0 when the container has ended and is deleted, 1 when it could not be made,
    /// and 2 for a command line that makes no sense.
    public static func main() -> Never {
        ThisProcess.exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    private static func run(_ arguments: [String]) -> Int32 {
        do {
            switch try ShimInvocation(arguments) {
            case .showHelp: print(shimHelp, terminator: "")
            case .showVersion: print("wherry-shim version \(version)")
            case .run(let options): return run(options)
            }
            return 0
        } catch {
            complain("\(error); see wherry-shim --help")
            return 2
        }
    }

    private static func run(_ options: ShimOptions) -> Int32 {
        prepareProcess()
        do throws(ProtocolFailure) {
            let shim = try open(options)
            shim.createContainer()
            do { try shim.loop.run() } catch {
                Diagnostics.note("the loop has failed: \(error)")
                return 1
            }
            return shim.hasSucceeded ? 0 : 1
        } catch {
            complain("\(error)")
            let line = Envelope.failure(.number(0), error) + [UInt8(ascii: "\n")]
            try? Descriptor.standardOutput.writeAll(line)
            return 1
        }
    }

    private static func complain(_ text: String) {
        try? Descriptor.standardError.writeAll("wherry-shim: \(text)\n")
    }
}
