/// One thing that is done, and what dies in the middle of it.
struct Round: CustomStringConvertible {
    enum Deed {
        /// `wherry run -d`.
        case launch
        /// `wherry stop`: the container ends with a code of its own.
        case stop(Int)
        /// SIGKILL for the container's process, behind everybody's back.
        case killProcess(Int)
        /// `wherry exec` of something that ends with a code of its own.
        case execute(Int)
        /// `wherry logs --follow`, which only its death ends.
        case follow(Int)
        /// `wherry rm --force`.
        case remove(Int)
        /// Nothing: whatever dies, dies alone.
        case rest
    }

    enum Victim: CaseIterable { case nobody, supervisor, client, runtime }

    let deed: Deed
    let victim: Victim
    /// Milliseconds between the beginning of the deed and the death.
    let delay: CInt

    /// The next round, while `count` containers are there; at most `most` are wanted.
    init(using numbers: inout SeededNumbers, containers count: Int, most: Int) {
        victim = Victim.allCases.randomElement(using: &numbers) ?? .nobody
        delay = CInt.random(in: 0..<60, using: &numbers)
        let choice = Int.random(in: 0..<10, using: &numbers)
        let one = count == 0 ? 0 : Int.random(in: 0..<count, using: &numbers)
        guard count > 0 else {
            deed = .launch
            return
        }
        switch choice {
        case 0...2: deed = count < most ? .launch : .remove(one)
        case 3: deed = .stop(one)
        case 4: deed = .killProcess(one)
        case 5, 6: deed = .execute(one)
        case 7: deed = .follow(one)
        case 8: deed = .remove(one)
        default: deed = .rest
        }
    }

    var description: String { "\(deed), and \(victim) dies after \(delay) ms" }
}
