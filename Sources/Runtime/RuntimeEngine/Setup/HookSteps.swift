internal import LinuxKernel
internal import RuntimeSpec
internal import SetupPlan

/// Hooks: here those of the container's own namespaces, and the pause for those of the runtime's.
extension SetupInterpreter {
    func awaitRuntimeHooks() {
        surroundings.channel.send(.mounted)
        surroundings.channel.expect(.proceed)
    }

    func runHooks(_ moment: ContainerHooks) throws(RuntimeError) {
        guard var state = surroundings.state else { return }
        let hooks = surroundings.hooks
        switch moment {
        case .createContainer:
            state.status = .creating
            // In the root filesystem, as with runc: what these hooks do there they do by relative paths.
            try performing("cannot enter the root filesystem") { () throws(SystemError) in
                try ThisProcess.changeDirectory(to: tree.root)
            }
            try HookRunner(state: state, environment: []).run(hooks?.createContainer, "createContainer")
        case .startContainer:
            state.status = .created
            try HookRunner(state: state, environment: environment).run(hooks?.startContainer, "startContainer")
        }
    }
}
