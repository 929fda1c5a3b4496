internal import ImageSpec
internal import LineProtocol
internal import LinuxKernel

/// docker's filters of `images`.
struct ImageFilter: Sendable {
    private let filters: [String: [String]]
    /// Images named by `before` and `since`, found already.
    private let moments: [String: Timestamp]

    private static let names = FilterNames(
        known: ["reference", "dangling", "label", "before", "since", "until"], absent: [:])

    /// `moment` tells when an image that a filter names was made.
    init(_ filters: [String: [String]], moment: (String) async throws(ProtocolFailure) -> Timestamp?)
        async throws(ProtocolFailure)
    {
        try Self.names.check(filters)
        for value in filters["dangling"] ?? [] where !["true", "false", "1", "0"].contains(value) {
            throw ProtocolFailure(.invalidArgument, "invalid filter 'dangling=\(value)': true or false is wanted")
        }
        var moments = try Self.moments(of: filters["until"] ?? [])
        for name in (filters["before"] ?? []) + (filters["since"] ?? []) { moments[name] = try await moment(name) }
        self.filters = filters
        self.moments = moments
    }

    /// What `until` says, as the protocol has moments.
    private static func moments(of texts: [String]) throws(ProtocolFailure) -> [String: Timestamp] {
        guard texts.count < 2 else {
            throw ProtocolFailure(.invalidArgument, "more than one until filter specified")
        }
        var moments: [String: Timestamp] = [:]
        for text in texts {
            guard let moment = Timestamp(text) else {
                throw ProtocolFailure(.invalidArgument, "invalid filter 'until=\(text)': a moment is wanted")
            }
            moments[text] = moment
        }
        return moments
    }

    /// The image as it is listed, under those of its names that are asked for; nil when it is not.
    func admit(_ image: ImageSummary) -> ImageSummary? {
        guard FilterNames.admit(filters, { matches(image, $0, $1) }) else { return nil }
        var image = image
        if let patterns = filters["reference"], !patterns.isEmpty {
            image.references.removeAll { reference in !patterns.contains { Self.matches(reference, pattern: $0) } }
        }
        return image
    }

    private func matches(_ image: ImageSummary, _ name: String, _ value: String) -> Bool {
        let created = image.created ?? Timestamp(nanoseconds: 0)
        return switch name {
        case "reference": image.references.contains { Self.matches($0, pattern: value) }
        case "dangling": (image.references.isEmpty && image.digests.isEmpty) == (value == "true" || value == "1")
        case "label": LabelFilter(value).admits(image.labels)
        case "before", "until": moments[value].map { created < $0 } ?? false
        case "since": moments[value].map { created > $0 } ?? false
        default: false
        }
    }

    /// A reference matches as a whole, and by its repository alone.
    private static func matches(_ reference: String, pattern: String) -> Bool {
        let repository = (try? ImageReference(parsing: reference))?.familiarRepository
        return Glob(pattern).matches(reference) || repository.map { Glob(pattern).matches($0) } == true
    }
}

/// `*` for anything but a slash, `?` for one character.
struct Glob: Sendable {
    private let pattern: [Character]
    init(_ pattern: String) { self.pattern = Array(pattern) }

    func matches(_ text: String) -> Bool {
        let text = Array(text)
        // Where to go on when what follows the last star does not fit: no recursion, however hostile the pattern.
        var (place, position) = (0, 0)
        var star: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, position)
                place += 1
            } else if place < pattern.count, pattern[place] == text[position] || isAny(place, text[position]) {
                (place, position) = (place + 1, position + 1)
            } else if let last = star, text[last.position] != "/" {
                star = (last.place, last.position + 1)
                (place, position) = (last.place + 1, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }

    private func isAny(_ place: Int, _ character: Character) -> Bool { pattern[place] == "?" && character != "/" }
}
