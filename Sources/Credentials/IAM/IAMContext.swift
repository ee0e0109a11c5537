/// The endpoints and clocks that all fetchers use.
package struct IAMContext: Sendable {
    /// Nil if no endpoint in the region's own cloud is known. The endpoint of another cloud is never used instead.
    package let iam: IAMEndpoint?
    package let sts: IAMEndpoint?
    /// The region of both; nil if unknown.
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

    /// The same context with an IAM endpoint that was configured explicitly.
    func asking(iam: IAMEndpoint) -> IAMContext {
        IAMContext(iam: iam, sts: sts, region: region, exchange: exchange, clock: clock, wall: wall)
    }

    /// Whether both use the same services in the same way.
    package func isSame(as other: IAMContext) -> Bool {
        iam == other.iam && sts == other.sts && clock === other.clock
    }

    /// The endpoint of a service in the region's own cloud.
    func endpoint(of service: IAMFault.Service) throws(IAMFault) -> IAMEndpoint {
        let endpoint = service == .sts ? sts : iam
        guard let endpoint else { throw IAMFault(service, .endpointUnknown(region: region)) }
        return endpoint
    }

    /// Sends a request that contains its own credential.
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

    /// The lifetime of something that expires at a time of the service's clock, computed from the answer's `Date` if it has one, so that this
    /// machine's clock may be wrong. A `Date` that is behind keeps nothing in use beyond its end by this clock: of the two lifetimes the shorter
    /// counts, unless only this clock is past the end. Nil if it has already expired: then it is not used, and the next attempt is delayed as after
    /// any other unusable answer.
    func lifetime(until expiry: Int64, by response: IAMResponse) -> Duration? {
        let ownClock = clock.signingTime(wallMicroseconds: wall().microseconds).secondsSinceEpoch
        let now = response.date.flatMap { ServiceTime.seconds(http: $0) } ?? ownClock
        guard expiry > now else { return nil }
        return .seconds(expiry - (expiry > ownClock ? max(now, ownClock) : now))
    }

    /// A client that calls IAM with a credential.
    func caller(_ credential: Credential) -> IAMClient {
        IAMClient(credential: credential, exchange: exchange, clock: clock, wall: wall)
    }
}
