internal import LineConnections
internal import LineProtocol

// OOM kills are seen by the shim, and told here: one event for each that was counted.

extension Container {
    /// Asks the shim, as long as it is there.
    func watchMemory(of shim: ShimConnection) {
        outOfMemoryKills = 0
        Task {
            var known = 0
            while let answer = try? await shim.call(ShimOutOfMemory.self, ShimOutOfMemory.Parameters(known: known)) {
                known = answer.value.kills
                await self.hear(ofKills: known)
            }
        }
    }

    func hear(ofKills kills: Int) async {
        while outOfMemoryKills < kills {
            outOfMemoryKills += 1
            await announce("oom")
        }
    }
}
