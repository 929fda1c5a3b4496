internal import LinuxKernel
internal import ServerCommands

ThisProcess.exit(await WherryRegistry.run(Array(CommandLine.arguments.dropFirst())))
