import LinuxKernel

/// The images that `make-images` packed from Debian's packages; see there for what each file is.
public enum TestImages {
    public static func path(_ name: String) throws -> String {
        let path = "\(folder)/\(name)"
        guard Files.exists("\(folder)/.complete"), Files.exists(path) else {
            throw HarnessError("\(path) is not there; make test-images makes it")
        }
        return path
    }

    /// `.build/test-images` of this checkout, or `WHERRY_TEST_IMAGES`.
    private static let folder = ThisProcess.variable("WHERRY_TEST_IMAGES") ?? checkout + "/.build/test-images"
}

/// The folder that holds Package.swift.
public let checkout = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/")
}()
