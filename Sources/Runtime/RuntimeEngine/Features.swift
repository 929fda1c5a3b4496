public import RuntimeSpec

extension Features {
    /// What this runtime can do: features.md and features-linux.md.
    public static var ofThisRuntime: Features {
        Features(ociVersionMin: "1.0.0", ociVersionMax: specificationVersion)
    }
}
