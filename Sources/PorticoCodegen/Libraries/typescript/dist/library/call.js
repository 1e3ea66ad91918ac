// @ts-self-types="./call.d.ts"
/** A call under way: a promise of its value that can also give the whole response. */
export class Call {
    [Symbol.toStringTag] = "Call";
    #response;
    constructor(response) {
        this.#response = response;
    }
    /** The value with status, headers, request id and the bytes of the body. */
    withResponse() {
        return this.#response;
    }
    then(onFulfilled, onRejected) {
        return this.#response.then((response) => response.value).then(onFulfilled, onRejected);
    }
    catch(onRejected) {
        return this.then(null, onRejected);
    }
    finally(onFinally) {
        return this.then().finally(onFinally);
    }
}
