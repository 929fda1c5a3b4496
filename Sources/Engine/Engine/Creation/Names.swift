/// 64 random hexadecimal digits: the ID of a container, an exec or a volume without a name.
func randomIdentifier() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
        let digits = String(generator.next() as UInt64, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
}

/// docker's rule for names of containers and volumes: `[a-zA-Z0-9][a-zA-Z0-9_.-]*`.
func isRestrictedName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first.isLetterOrDigit else { return false }
    return name.utf8.allSatisfy {
        $0.isLetterOrDigit || [UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-")].contains($0)
    }
}

extension UInt8 {
    var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self)
    }
}

/// A name for a container that was given none: a quality and somebody or something of the water.
func randomName() -> String {
    "\(qualities.randomElement() ?? "calm")_\(watermen.randomElement() ?? "ferry")"
}

private let qualities = [
    "able", "agile", "amber", "ample", "azure", "balmy", "bold", "brave", "breezy", "bright", "brisk", "broad", "busy",
    "calm", "candid", "careful", "cheerful", "clear", "clever", "coastal", "cool", "cosy", "crisp", "daring", "deep",
    "distant", "eager", "early", "easy", "fair", "faithful", "fleet", "fluent", "fond", "frank", "free", "fresh",
    "gentle", "glad", "golden", "good", "grand", "handy", "happy", "hardy", "honest", "humble", "jolly", "keen",
    "kind", "lasting", "light", "lively", "loyal", "lucid", "lucky", "mellow", "merry", "mild", "modest", "neat",
    "nimble", "noble", "northern", "open", "patient", "plain", "polite", "proud", "prudent", "quick", "quiet",
    "radiant", "ready", "robust", "rosy", "serene", "sharp", "silver", "simple", "sleek", "smooth", "snug", "sober",
    "solid", "sound", "spry", "stable", "staunch", "steady", "still", "stout", "sunny", "sure", "swift", "tender",
    "tidal", "tidy", "trusty", "upbeat", "upright", "vivid", "warm", "wary", "wise", "witty", "worthy", "zesty",
]

private let watermen = [
    "albatross", "anchor", "barge", "beacon", "bosun", "bowline", "breaker", "brig", "buoy", "canal", "canoe",
    "captain",
    "cargo", "cleat", "clipper", "coaster", "compass", "coracle", "cormorant", "cove", "crane", "current", "cutter",
    "delta", "dinghy", "dock", "dolphin", "eddy", "egret", "estuary", "ferry", "fjord", "fleet", "galleon", "galley",
    "gannet", "grebe", "gull", "halyard", "harbour", "haven", "helm", "heron", "hull", "island", "jetty", "kayak",
    "keel", "ketch", "kingfisher", "lagoon", "lantern", "launch", "lighter", "lock", "longboat", "lugger", "mariner",
    "mast", "mooring", "narrows", "navigator", "oar", "osprey", "otter", "packet", "paddle", "pelican", "pennant",
    "pier", "pilot", "plover", "porpoise", "port", "punt", "purser", "quay", "raft", "reef", "rigger", "river", "rower",
    "rudder", "sail", "sailor", "sandpiper", "schooner", "scow", "sculler", "seal", "sextant", "shallop", "shoal",
    "skiff", "skipper", "sloop", "sounding", "spar", "steersman", "stream", "strait", "swan", "tender", "tern", "tide",
    "tiller", "trawler", "tug", "voyager", "wader", "waterman", "wave", "wharf", "wherry", "yawl",
]
