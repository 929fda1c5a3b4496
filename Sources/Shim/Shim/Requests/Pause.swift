import LineProtocol
import LinuxKernel

// `shim.pause` and `shim.resume`: the runtime knows the container's freezer.

extension Shim {
    func changePause(by command: RuntimeCommand) {
        runtime.run(command) { [unowned self] failure in
            handle(.pauseAnswered(failure))
            Heap.trim()
        }
    }
}
