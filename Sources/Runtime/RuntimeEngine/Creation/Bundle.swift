internal import LinuxKernel
internal import RuntimeSpec

/// A bundle: bundle.md.
final class Bundle {
    /// Absolute, without symbolic links.
    let path: String
    let directory: OwnedDescriptor
    let configuration: RuntimeConfiguration
    /// `config.json` as it was read.
    let bytes: [UInt8]

    init(opening path: String) throws(RuntimeError) {
        do { directory = try Descriptor.workingDirectory.open(path, [.path, .directory]) } catch {
            throw Self.failure("cannot open the bundle \(path)", error)
        }
        do { self.path = try Descriptor.workingDirectory.readSymbolicLink(directory.descriptor.procPath) } catch {
            throw RuntimeError("cannot find the bundle \(path)", error)
        }
        let file = path + "/config.json"
        do {
            bytes = try directory.descriptor.readFile("config.json", limit: maximumDocumentSize)
        } catch { throw Self.failure("cannot read \(file)", error) }
        do { configuration = try RuntimeConfiguration(parsing: bytes) } catch {
            throw RuntimeError(.invalidConfiguration, "\(file): \(error)")
        }
    }

    private static func failure(_ action: String, _ error: SystemError) -> RuntimeError {
        guard error.errno == .noEntry || error.errno == .notDirectory else { return RuntimeError(action, error) }
        return RuntimeError(.invalidConfiguration, "\(action): \(error.errno)")
    }

    /// The root filesystem, and its path. Symbolic links on the way there are refused, as runc refuses them: they may
    /// lead out of the bundle (rootfs-symlink).
    func openRoot(_ root: String) throws(RuntimeError) -> (descriptor: Descriptor, path: String) {
        let path = root.hasPrefix("/") ? root : self.path + "/" + root
        do {
            let opened = try directory.descriptor.open(root, [.path, .directory], resolving: .noSymlinks)
            return (opened.release(), path)
        } catch {
            let problem =
                error.errno == .tooManyLinks
                ? "a symbolic link is in the way: name the directory itself" : error.errno.description
            throw RuntimeError(.invalidConfiguration, "root.path: cannot open \(path): \(problem)")
        }
    }
}
