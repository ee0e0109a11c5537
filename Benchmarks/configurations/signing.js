// SDK-HMAC-SHA256 in njs, as a user would write it to sign with nginx. The keys are in the text: it is for measurements only.
import crypto from 'crypto';

const accessKey = 'BENCHMARKACCESSKEY00';
const secretKey = 'benchmark-secret-key-of-forty-characters';
const host = 'hss.cn-north-4.myhuaweicloud.com';

function date() {
    return new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function canonicalQuery(text) {
    return text ? text.split('&').sort().join('&') : '';
}

function digest(text) {
    return crypto.createHash('sha256').update(text).digest('hex');
}

function authorization(r) {
    const path = r.uri.endsWith('/') ? r.uri : r.uri + '/';
    const canonical = r.method + '\n' + path + '\n' + canonicalQuery(r.variables.args) + '\n'
        + 'host:' + host + '\nx-sdk-date:' + r.variables.sdk_date + '\n\nhost;x-sdk-date\n' + digest(r.requestText || '');
    const text = 'SDK-HMAC-SHA256\n' + r.variables.sdk_date + '\n' + digest(canonical);
    const signature = crypto.createHmac('sha256', secretKey).update(text).digest('hex');
    return 'SDK-HMAC-SHA256 Access=' + accessKey + ', SignedHeaders=host;x-sdk-date, Signature=' + signature;
}

export default { date, authorization };
