internal import ArgumentParser
internal import CommandKit

extension ClientCommand {
    /// Refuses a flag that is not known. In a command that passes words on, ArgumentParser takes such a flag for the
    /// first of them: for `subject`.
    func refuseUnknownFlag(_ subject: String) throws {
        if subject == "--help" { throw CleanExit.message(Wherry.helpMessage(for: Self.self)) }
        guard subject.hasPrefix("-"), subject != "-" else { return }
        throw refusal("unknown flag: \(KeyValue.split(subject).key); see: wherry \(Self._commandName) --help")
    }
}
