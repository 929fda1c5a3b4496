internal import LinuxKernel
internal import ServerCommands

ThisProcess.exit(await Wherryd.run(Array(CommandLine.arguments.dropFirst())))
