internal import LinuxKernel
internal import SystemdBus

ThisProcess.exit(SystemdProgram.run(CommandLine.arguments))
