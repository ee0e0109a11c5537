/// Where a fetcher asks, and by which clock it reads the answers: what all fetchers share.
package struct IAMContext: Sendable {
    /// Nil where the region's own cloud has none that is known. Another cloud's is never asked in its place.
    package let iam: IAMEndpoint?
    package let sts: IAMEndpoint?
    /// The region that both belong to; nil for none that is known.
    package let region: String?
    package let exchange: any IAMExchange
    package let clock: ClockOffset
    let wall: @Sendable () -> Duration

    package init(
        iam: IAMEndpoint?, sts: IAMEndpoint?, region: String? = nil, exchange: any IAMExchange, clock: ClockOffset
    ) {
        self.init(iam: iam, sts: sts, region: region, exchange: exchange, clock: clock, wall: MonotonicClock.wall)
    }

    init(
        iam: IAMEndpoint?, sts: IAMEndpoint?, region: String? = nil, exchange: any IAMExchange, clock: ClockOffset,
        wall: @escaping @Sendable () -> Duration
    ) {
        self.iam = iam
        self.sts = sts
        self.region = region
        self.exchange = exchange
        self.clock = clock
        self.wall = wall
    }

    /// The same with another IAM, which somebody named.
    func asking(iam: IAMEndpoint) -> IAMContext {
        IAMContext(iam: iam, sts: sts, region: region, exchange: exchange, clock: clock, wall: wall)
    }

    /// Whether both ask the same services in the same way.
    package func isSame(as other: IAMContext) -> Bool {
        iam == other.iam && sts == other.sts && clock === other.clock
    }

    /// Where a service of the region's own cloud is.
    func endpoint(of service: IAMFault.Service) throws(IAMFault) -> IAMEndpoint {
        let endpoint = service == .sts ? sts : iam
        guard let endpoint else { throw IAMFault(service, .endpointUnknown(region: region)) }
        return endpoint
    }

    /// Sends a request that carries its own proof.
    func send(_ request: IAMRequest, of service: IAMFault.Service) async throws(IAMFault) -> IAMResponse {
        let sent = wall()
        do throws(IAMExchangeFault) {
            var response = try await exchange.send(request)
            response.host = request.endpoint.host
            if let seconds = response.date.flatMap({ ServiceTime.seconds(http: $0) }), request.reach == .cloud {
                clock.observe(seconds: seconds, sent: sent, received: wall(), isSuspect: false)
            }
            return response
        } catch {
            throw IAMFault(service, .exchange(error), host: request.endpoint.host)
        }
    }

    /// How long something lasts that ends at a moment of the service's clock: by the answer's own date where it has one, so that this
    /// machine's clock doesn't matter. Nil when it is over already: what was never good is no material, and asking for the next one waits as
    /// after any other answer that can't be used.
    func lifetime(until expiry: Int64, by response: IAMResponse) -> Duration? {
        let ownClock = clock.signingTime(wallMicroseconds: wall().microseconds).secondsSinceEpoch
        let now = response.date.flatMap { ServiceTime.seconds(http: $0) } ?? ownClock
        return expiry > now ? .seconds(expiry - now) : nil
    }

    /// Asks in a credential's name.
    func caller(_ credential: Credential) -> IAMClient {
        IAMClient(credential: credential, exchange: exchange, clock: clock, wall: wall)
    }
}
