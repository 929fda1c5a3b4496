/// Which proxies lead out, as docker and Go take them from the environment: libcurl itself would not look at
/// `HTTP_PROXY`.
public struct TransferProxies: Hashable, Sendable {
    /// For requests without TLS, and for those with it.
    public var http: String?
    public var https: String?
    /// Hosts that are reached without one: `example.org,10.0.0.0/8`, `*`.
    public var exceptions: String?

    public init(http: String? = nil, https: String? = nil, exceptions: String? = nil) {
        self.http = http
        self.https = https
        self.exceptions = exceptions
    }

    /// `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, or the same in small letters; what is empty is not set.
    public init(variable: (String) -> String?) {
        func value(_ name: String) -> String? {
            [name, name.lowercased()].lazy.compactMap(variable).first { !$0.isEmpty }
        }
        self.init(http: value("HTTP_PROXY"), https: value("HTTPS_PROXY"), exceptions: value("NO_PROXY"))
    }

    /// The proxy of a request to `url`; empty for none. This machine is always reached without one.
    func proxy(for url: String) -> String {
        guard let url = TransferURL(url), !TransferURL.isLoopback(host: url.host) else { return "" }
        return (url.scheme == "https" ? https : http) ?? ""
    }
}
