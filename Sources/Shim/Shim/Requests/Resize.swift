import LineProtocol

// `shim.resize`

extension Shim {
    func resize(_ parameters: ShimResize.Parameters) throws(ProtocolFailure) -> Nothing {
        let process = try parameters.exec.map { name throws(ProtocolFailure) in try exec(named: name).streams }
        try (process ?? streams).resize(parameters.size)
        return Nothing()
    }
}
