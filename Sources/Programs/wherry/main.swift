import ClientCommands
import CommandKit

ExitCodes.leave(with: Wherry.run(Array(CommandLine.arguments.dropFirst())))
