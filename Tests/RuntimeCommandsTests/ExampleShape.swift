import RuntimeSpec

@testable import RuntimeCommands

/// What the tests look at in the example configuration.
enum ExampleShape {
    static var configuration: (namespaces: [String], destinations: [String]) {
        let example = RuntimeConfiguration.example(unifiedCgroups: false)
        return (
            (example.linux?.namespaces ?? []).map(\.type.rawValue), (example.mounts ?? []).map(\.destination)
        )
    }
}
