// Hot: no, once per process of a function. Allocates: freely.

/// The program that runs a Node.js handler: AWS's own client would have to come from npm, this one needs nothing but
/// Node.js. Behaves as `aws-lambda-nodejs-runtime-interface-client` as far as a handler can see.
enum NodeBootstrap {
    /// The text of `bootstrap.mjs`.
    static let text = #"""
        // Written by portico. Runs one Node.js handler by the Lambda Runtime API (2018-06-01).
        import http from 'node:http';
        import fs from 'node:fs';
        import path from 'node:path';
        import util from 'node:util';
        import { createRequire } from 'node:module';
        import { pathToFileURL } from 'node:url';
        import { Writable } from 'node:stream';

        const env = process.env;
        const address = env.AWS_LAMBDA_RUNTIME_API;
        const colon = address.lastIndexOf(':');
        const endpoint = {
          host: address.slice(0, colon), port: address.slice(colon + 1), agent: new http.Agent({ keepAlive: true }),
        };
        const exit = process.exit.bind(process);
        const write = process.stdout.write.bind(process.stdout);
        const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
        let current; // the invocation under way

        // Lines as Lambda has them: time, request id, level, message; a line break within a message is a carriage return.
        for (const [name, level] of Object.entries(
          { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' })) {
          console[name] = (...parts) => {
            const text = `${new Date().toISOString()}\t${current?.id}\t${level}\t${util.format(...parts)}`;
            write(text.replace(/\n/g, '\r') + '\n');
          };
        }

        function open(method, target, headers, respond) {
          const request = http.request({ ...endpoint, method, path: `/2018-06-01/runtime/${target}`, headers }, (response) => {
            const pieces = [];
            response.on('data', (piece) => pieces.push(piece));
            response.on('end', () => respond(null, { headers: response.headers, body: Buffer.concat(pieces) }));
            response.on('error', respond);
          });
          request.on('error', respond);
          return request;
        }

        const call = (method, target, headers = {}, body = undefined) => new Promise((resolve, reject) => {
          const request = open(method, target, headers, (error, answer) => (error ? reject(error) : resolve(answer)));
          request.end(body);
        });

        class RuntimeError extends Error {
          constructor(name, message, cause) {
            super(message);
            this.name = `Runtime.${name}`;
            if (cause?.stack) this.stack = cause.stack;
          }
        }

        function describe(error) {
          if (util.types.isNativeError(error) || (error && typeof error === 'object' && error.message !== undefined)) {
            return { errorType: String(error.name ?? 'Error'), errorMessage: String(error.message),
              trace: String(error.stack ?? '').split('\n') };
          }
          return { errorType: typeof error, errorMessage: util.format(error), trace: [] };
        }

        const log = (title, error) => {
          const { errorType, errorMessage, trace } = describe(error);
          console.error(title, '\t' + JSON.stringify({ errorType, errorMessage, code: error?.code, stack: trace }));
        };

        function postError(target, error) {
          const what = describe(error);
          const body = Buffer.from(JSON.stringify(what));
          // A header holds visible ASCII only; a class may be named with any letter.
          const type = what.errorType.replace(/[^\x20-\x7e]/g, '?');
          return call('POST', target, { 'Content-Type': 'application/json', 'Content-Length': body.length,
            'Lambda-Runtime-Function-Error-Type': type }, body);
        }

        // A stream of a result: the request is opened with the first byte, so that an error before it is an ordinary one.
        class ResponseStream extends Writable {
          constructor(id) {
            super({ highWaterMark: 65536 });
            this.contentType = 'application/octet-stream';
            this.answered = new Promise((resolve, reject) => { this.settle = (e) => (e ? reject(e) : resolve()); });
            this.answered.catch(() => {});
            this.target = `invocation/${id}/response`;
          }
          setContentType(type) {
            if (this.request) throw new RuntimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
            this.contentType = type;
          }
          get started() { return this.request !== undefined; }
          start() {
            if (this.request) return this.request;
            this.request = open('POST', this.target, { 'Content-Type': this.contentType, 'Transfer-Encoding': 'chunked',
              'Lambda-Runtime-Function-Response-Mode': 'streaming',
              Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
            }, (error) => this.settle(error));
            if (this.prelude) this.request.write(this.prelude);
            this.request.flushHeaders();
            return this.request;
          }
          write(chunk, ...rest) {
            const isBytes = typeof chunk === 'string' || chunk instanceof Uint8Array;
            return super.write(isBytes ? chunk : JSON.stringify(chunk), ...rest);
          }
          _write(chunk, encoding, done) { this.start().write(chunk, done); }
          _final(done) { this.start().end(); this.answered.then(() => done(), done); }
          failWith(error) {
            const what = describe(error);
            this.request.addTrailers({
              'Lambda-Runtime-Function-Error-Type': what.errorType.replace(/[^\x20-\x7e]/g, '?'),
              'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(what)).toString('base64') });
            this.request.end();
            return this.answered;
          }
        }

        globalThis.awslambda = {
          streamifyResponse(handler) {
            handler[STREAMING] = 'response';
            return handler;
          },
          HttpResponseStream: {
            from(stream, metadata) {
              stream.setContentType('application/vnd.awslambda.http-integration-response');
              // The JSON of status and headers ends with 8 NUL bytes; the body follows.
              stream.prelude = Buffer.concat([Buffer.from(JSON.stringify(metadata)), Buffer.alloc(8)]);
              return stream;
            },
          },
        };

        async function load(root, name) {
          const base = path.basename(name);
          const folder = name.slice(0, name.length - base.length);
          const match = /^([^.]*)\.(.+)$/.exec(base);
          if (!match || name.includes('..')) throw new RuntimeError('MalformedHandlerName', `Bad handler '${name}'`);
          const [, file, member] = match;
          const stem = path.resolve(root, folder, file);
          const require = createRequire(path.join(root, 'index.js'));
          let module;
          try {
            if (fs.statSync(stem, { throwIfNoEntry: false })?.isFile()) module = require(stem);
            else if (fs.existsSync(stem + '.js')) {
              module = isModule(path.dirname(stem)) ? await import(pathToFileURL(stem + '.js')) : require(stem + '.js');
            } else if (fs.existsSync(stem + '.mjs')) module = await import(pathToFileURL(stem + '.mjs'));
            else if (fs.existsSync(stem + '.cjs')) module = require(stem + '.cjs');
            else module = require(require.resolve(file, { paths: [root, path.resolve(root, folder)] }));
          } catch (error) {
            if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error), error);
            if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
              throw new RuntimeError('ImportModuleError', String(error), error);
            }
            throw error;
          }
          const find = (object) => member.split('.').reduce((value, key) => value?.[key], object);
          const handler = find(module) ?? find(module?.default);
          if (handler === undefined) throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
          if (typeof handler !== 'function') throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
          return handler;
        }

        // Whether the nearest package.json makes a .js file an ES module.
        function isModule(folder) {
          for (let at = folder; ; at = path.dirname(at)) {
            const file = path.join(at, 'package.json');
            if (fs.existsSync(file)) {
              try { return JSON.parse(fs.readFileSync(file, 'utf8')).type === 'module'; } catch { return false; }
            }
            if (at === path.dirname(at) || path.basename(at) === 'node_modules') return false;
          }
        }

        function contextOf(headers, finish) {
          const json = (text) => (text ? JSON.parse(text) : undefined);
          const deadline = Number(headers['lambda-runtime-deadline-ms']);
          return {
            callbackWaitsForEmptyEventLoop: true,
            functionName: env.AWS_LAMBDA_FUNCTION_NAME,
            functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
            invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
            memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
            awsRequestId: headers['lambda-runtime-aws-request-id'],
            logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
            logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
            clientContext: json(headers['lambda-runtime-client-context']),
            identity: json(headers['lambda-runtime-cognito-identity']),
            getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
            done: (error, result) => finish(error, result),
            fail: (error) => finish(error ?? 'handled', undefined),
            succeed: (result) => finish(null, result),
          };
        }

        // Runs the handler; the promise is kept when there is a result, whether by promise, by callback, or because nothing
        // is left that could bring one.
        function run(handler, event, headers) {
          return new Promise((resolve, reject) => {
            const settle = (error, result) => (error === null || error === undefined ? resolve(result) : reject(error));
            const mine = current; // a callback may come late, amid another invocation
            let isCalled = false;
            const finish = (error, result) => {
              if (isCalled) return;
              isCalled = true;
              mine.whenIdle = () => settle(error, result);
              if (error || !context.callbackWaitsForEmptyEventLoop) setImmediate(mine.whenIdle);
            };
            const context = contextOf(headers, finish);
            mine.whenIdle = () => resolve(null);
            const returned = handler(event, context, finish);
            if (typeof returned?.then === 'function') returned.then(resolve, (error) => reject(error ?? new Error('undefined')));
          });
        }

        async function runStreaming(handler, event, headers) {
          const stream = new ResponseStream(current.id);
          const broken = new Promise((_, reject) => stream.on('error', reject));
          broken.catch(() => {});
          const idle = new Promise((resolve) => { current.whenIdle = resolve; });
          try {
            const finished = new Promise((resolve) => stream.on('finish', resolve));
            const handled = Promise.resolve(handler(event, stream, contextOf(headers, () => {})));
            await Promise.race([Promise.all([handled, finished]), broken, idle]);
            if (!stream.writableFinished) throw new RuntimeError('NodeJsExit', 'The response stream was never ended.');
          } catch (error) {
            log('Invoke Error', error);
            if (stream.started) await stream.failWith(error);
            else await postError(`invocation/${current.id}/error`, error);
          }
        }

        async function invoke(handler, { headers, body }) {
          current = { id: headers['lambda-runtime-aws-request-id'] };
          env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? '';
          let bytes;
          try {
            const event = JSON.parse(body.toString('utf8'));
            if (handler[STREAMING]) return await runStreaming(handler, event, headers);
            const result = await run(handler, event, headers);
            bytes = Buffer.from(serialize(result));
          } catch (error) {
            log('Invoke Error', error);
            current.whenIdle = undefined;
            return await postError(`invocation/${current.id}/error`, error);
          }
          current.whenIdle = undefined;
          await call('POST', `invocation/${current.id}/response`,
            { 'Content-Type': 'application/json', 'Content-Length': bytes.length }, bytes);
        }

        function serialize(result) {
          try {
            return JSON.stringify(result === undefined ? null : result) ?? 'null';
          } catch {
            throw new Error('Unable to stringify response body');
          }
        }

        async function die(title, error, status) {
          log(title, error);
          try { await postError(current ? `invocation/${current.id}/error` : 'init/error', error); } finally { exit(status); }
        }

        process.on('beforeExit', () => current?.whenIdle?.());
        process.on('uncaughtException', (error) => die('Uncaught Exception', error, 129));
        process.on('unhandledRejection', (reason) => {
          const text = util.types.isNativeError(reason) ? String(reason) : util.format(reason);
          return die('Unhandled Promise Rejection', new RuntimeError('UnhandledPromiseRejection', text, reason), 128);
        });

        async function main() {
          let handler;
          try {
            handler = await load(env.LAMBDA_TASK_ROOT, env._HANDLER);
          } catch (error) {
            return die('Init Error', error, 1);
          }
          for (;;) {
            let next;
            current = undefined;
            try { next = await call('GET', 'invocation/next'); } catch { exit(1); }
            await invoke(handler, next);
          }
        }
        main().catch(() => exit(1));

        """#
}
