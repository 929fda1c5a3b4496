internal import LinuxKernel
internal import RuntimeCommands

ThisProcess.exit(RuntimeProgram.run(ThisProcess.arguments))
