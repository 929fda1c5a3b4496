import LinuxKernel
import Shim

ThisProcess.exit(ShimProgram.run(Array(CommandLine.arguments.dropFirst())))
