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
            try HookRunner(state: state).run(hooks?.createContainer, "createContainer")
        case .startContainer:
            state.status = .created
            try HookRunner(state: state).run(hooks?.startContainer, "startContainer")
        }
    }
}
