internal import CommandKit
internal import LinuxKernel

/// `-e` and `--env-file`: variables for a process.
enum VariableArguments {
    /// Those of the files, then those of the command line. A name alone takes the client's value; the client has none:
    /// it stands alone, which removes it.
    static func read(_ arguments: [String], files: [String], environment: Environment) throws(CommandFailure)
        -> [String]
    {
        var variables: [String] = []
        for file in files { variables += try read(file: file, environment) }
        for argument in arguments {
            let (name, value) = KeyValue.split(argument)
            guard !name.isEmpty else { throw refusal("invalid variable '\(argument)': the name is missing") }
            variables.append(value == nil ? complete(name, environment) ?? name : argument)
        }
        return variables
    }

    private static func complete(_ name: String, _ environment: Environment) -> String? {
        environment[name].map { "\(name)=\($0)" }
    }

    private static func read(file: String, _ environment: Environment) throws(CommandFailure) -> [String] {
        let bytes: [UInt8]
        do { bytes = try Descriptor.workingDirectory.readFile(file) } catch {
            throw refusal("cannot read the variables in \(file): \(error.errno)")
        }
        return try parse(file: String(decoding: bytes, as: UTF8.self), named: file, environment)
    }

    /// A variable a line. Lines that are empty or begin with `#` are left out; nothing is quoted.
    static func parse(file text: String, named file: String, _ environment: Environment) throws(CommandFailure)
        -> [String]
    {
        var variables: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.isEmpty || line.hasPrefix("#") { continue }
            let (name, value) = KeyValue.split(String(line))
            guard !name.isEmpty else { throw refusal("invalid line in \(file): no variable name on line '\(line)'") }
            guard !name.contains(where: \.isWhitespace) else {
                throw refusal("invalid line in \(file): variable '\(name)' contains whitespaces")
            }
            if value != nil {
                variables.append(String(line))
            } else {
                variables += complete(name, environment).map { [$0] } ?? []
            }
        }
        return variables
    }
}
