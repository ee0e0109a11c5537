-- What wrk sends, and its figures as one line of JSON that needs no guessing at units.
-- Arguments behind `--`: the method, then the body if there is one.

function init(arguments)
    wrk.method = arguments[1] or "GET"
    if arguments[2] then
        wrk.body = arguments[2]
        wrk.headers["Content-Type"] = "application/json"
    end
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '\n{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"bad_status":%d,"broken":%d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
        errors.connect + errors.read + errors.write + errors.timeout))
end
