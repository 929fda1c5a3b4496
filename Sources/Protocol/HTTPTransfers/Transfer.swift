internal import CCurl
internal import LinuxKernel

/// One request under way: libcurl's handle for it, and what its callbacks need.
///
/// `@unchecked Sendable`: once ordered, it is touched by the thread of ``HTTPTransfers`` alone.
@safe final class Transfer: @unchecked Sendable {
    let key: UInt64
    let handle: UnsafeMutableRawPointer
    private let request: TransferRequest
    private let sink: any TransferSink
    private let answer: @Sendable (Result<TransferHead, TransferError>) -> Void
    private var lines: UnsafeMutablePointer<curl_slist>?
    private var reader = HeadReader()
    private var head: TransferHead?
    private var isRefused = false
    /// Bytes of the body that were sent.
    private var position: Int64 = 0
    private let reasons = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    /// Nil, and `answer` is called, for what cannot be asked.
    init?(
        _ key: UInt64, _ request: TransferRequest, _ sink: any TransferSink, _ proxies: TransferProxies,
        answer: @escaping @Sendable (Result<TransferHead, TransferError>) -> Void
    ) {
        guard TransferURL(request.url) != nil, let handle = unsafe curl_easy_init() else {
            answer(.failure(TransferError(.invalid, request.url, "not an address of http or https")))
            return nil
        }
        self.key = key
        unsafe self.handle = handle
        self.request = request
        self.sink = sink
        self.answer = answer
        unsafe reasons.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        guard addFields() else {
            answer(.failure(TransferError(.invalid, request.url, "a field holds characters that no head may have")))
            return nil
        }
        describe()
        describeWay(proxies)
        connectCallbacks()
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(lines)
        unsafe reasons.deallocate()
    }

    private func addFields() -> Bool {
        // libcurl would wait for a "100 Continue" that many registries never send.
        for field in request.fields.map(\.line) + ["Expect:"] {
            guard let field else { return false }
            unsafe lines = unsafe curl_slist_append(lines, field)
        }
        return true
    }

    // MARK: Options, curl_easy_setopt(3)

    private func set(_ option: CURLoption, _ number: Int) { unsafe ccurl_set_number(handle, option, number) }
    private func set(_ option: CURLoption, _ text: String?) {
        if let text { unsafe ccurl_set_text(handle, option, text) }
    }

    private func describe() {
        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_USERAGENT, HTTPTransfers.userAgent)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_NOPROGRESS, 1)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_BUFFERSIZE, 512 << 10)
        set(CURLOPT_CONNECTTIMEOUT, 20)
        set(CURLOPT_LOW_SPEED_LIMIT, 1)
        set(CURLOPT_LOW_SPEED_TIME, request.patience)
        unsafe ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, lines)
        unsafe ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, reasons)
        describeTrust()
        describeMethod()
    }

    private func describeWay(_ proxies: TransferProxies) {
        set(CURLOPT_PROXY, proxies.proxy(for: request.url))
        set(CURLOPT_NOPROXY, proxies.exceptions ?? "")
    }

    private func describeTrust() {
        set(CURLOPT_SSL_VERIFYPEER, request.trust.verifies ? 1 : 0)
        set(CURLOPT_SSL_VERIFYHOST, request.trust.verifies ? 2 : 0)
        set(CURLOPT_CAINFO, request.trust.authorities)
        set(CURLOPT_SSLCERT, request.trust.clientCertificate)
        set(CURLOPT_SSLKEY, request.trust.clientKey)
    }

    private func describeMethod() {
        switch request.method {
        case .get: set(CURLOPT_HTTPGET, 1)
        case .head: set(CURLOPT_NOBODY, 1)
        case .delete: set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .post, .put, .patch:
            set(CURLOPT_UPLOAD, 1)
            set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            unsafe ccurl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(request.body.size))
        }
    }

    private func connectCallbacks() {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe ccurl_set_callback(handle, CURLOPT_HEADERFUNCTION) { unsafe Transfer.at($3).takeLine($0, $1 * $2) }
        unsafe ccurl_set_callback(handle, CURLOPT_WRITEFUNCTION) { unsafe Transfer.at($3).takeBody($0, $1 * $2) }
        unsafe ccurl_set_callback(handle, CURLOPT_READFUNCTION) { unsafe Transfer.at($3).giveBody($0, $1 * $2) }
        unsafe ccurl_set_seek_callback(handle) { unsafe Transfer.at($0).seek(to: Int64($1), from: $2) }
        for option in [CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA] {
            unsafe ccurl_set_pointer(handle, option, context)
        }
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> Transfer {
        // libcurl gives back what `connectCallbacks` set, for as long as the handle lives, which this object owns.
        unsafe Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    }

    // MARK: What libcurl calls

    /// Less than `count` as an answer ends the transfer.
    private func takeLine(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let line = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
        switch reader.take(line) {
        case .goOn: return count
        case .isWhole(let whole):
            // Trailers come after the body, and are none of the head.
            guard head == nil else { return count }
            head = whole
            return refusing(unless: sink.begin(whole), count)
        case .tooLarge: return refusing(unless: false, count)
        }
    }

    private func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
        let taken = unsafe sink.take(Span(_unsafeElements: buffer.assumingMemoryBound(to: UInt8.self)))
        return refusing(unless: taken, count)
    }

    private func refusing(unless isFine: Bool, _ count: Int) -> Int {
        isRefused = isRefused || !isFine
        // A count that differs from what came ends the transfer, also when nothing came.
        return isFine ? count : count == 0 ? 1 : 0
    }

    private func giveBody(_ place: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let wanted = Int(min(Int64(count), request.body.size - position))
        guard wanted > 0, let place = unsafe place else { return 0 }
        let piece: [UInt8]
        switch request.body {
        case .none: return 0
        case .bytes(let bytes): piece = Array(bytes[Int(position)..<Int(position) + wanted])
        case .file(let file, _):
            guard let read = try? file.descriptor.read(upTo: wanted, at: position), !read.isEmpty else {
                return Int(CURL_READFUNC_ABORT)
            }
            piece = read
        }
        unsafe UnsafeMutableRawPointer(place).copyMemory(from: piece, byteCount: piece.count)
        position += Int64(piece.count)
        request.sent(position)
        return piece.count
    }

    /// A request that has to be sent once more, on a new connection.
    private func seek(to offset: Int64, from origin: Int32) -> Int32 {
        guard origin == 0, offset >= 0, offset <= request.body.size else { return CURL_SEEKFUNC_FAIL }
        position = offset
        return CURL_SEEKFUNC_OK
    }

    // MARK: Its end

    func finish(_ code: CURLcode) {
        if code == CURLE_OK, let head { return answer(.success(head)) }
        let kind: TransferError.Kind = isRefused ? .refused : Self.kind(of: code)
        let said = unsafe String(cString: reasons)
        let reason = unsafe said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
        answer(.failure(TransferError(kind, request.url, reason)))
    }

    func cancel() { answer(.failure(TransferError(.cancelled, request.url, "cancelled"))) }

    private static func kind(of code: CURLcode) -> TransferError.Kind {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolvedHost
        case CURLE_COULDNT_CONNECT: .unreachable
        case CURLE_SSL_CONNECT_ERROR: .handshake
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            .certificate
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2,
            CURLE_HTTP2_STREAM, CURLE_OK:
            .interrupted
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .invalid
        default: .other
        }
    }
}
