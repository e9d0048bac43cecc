import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';

export interface SmtpServer {
  readonly port: number;
  /** Mails taken: who from, who to, and everything between DATA and the lone dot. */
  readonly mails: readonly { readonly from: string; readonly to: readonly string[]; readonly data: string }[];
  /** Answers MAIL FROM with this from now on; 250 = takes mails. */
  refuse(status: number): void;
  /** Answers RCPT TO with 550 where this is part of the address. */
  refuseRecipient(part: string): void;
  /** Once the lone dot has come: answer, keep the mail and break off, or say nothing any more. */
  atTheEnd(what: 'answer' | 'drop' | 'hang'): void;
  close(): Promise<void>;
}

export interface SmtpOptions {
  /** From the first byte, or once the client asks for it. */
  readonly secure?: 'tls' | 'starttls';
  readonly identity?: { readonly key: string; readonly certificate: string };
}

/** A mail server on loopback that keeps what it is given. */
export async function startSmtp({ secure, identity }: SmtpOptions = {}): Promise<SmtpServer> {
  const mails: { from: string; to: string[]; data: string }[] = [];
  const sockets = new Set<Socket>();
  let status = 250;
  let refused: string | undefined;
  let end: 'answer' | 'drop' | 'hang' = 'answer';
  const pem = { key: identity?.key, cert: identity?.certificate };
  const serve = (socket: Socket, greets = true): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    let mail = { from: '', to: [] as string[], data: '' };
    let isData = false;
    let rest = '';
    if (greets) say('220 relais.hopital.example');
    socket.setEncoding('utf8').on('data', (text: string) => {
      rest += text;
      for (let at = rest.indexOf('\r\n'); at >= 0; at = rest.indexOf('\r\n')) {
        const line = rest.slice(0, at);
        rest = rest.slice(at + 2);
        if (isData && line === '.') {
          isData = false;
          mails.push(mail);
          mail = { from: '', to: [], data: '' };
          if (end === 'drop') socket.destroy();
          else if (end === 'answer') say('250 taken');
        } else if (isData) mail.data += `${line}\n`;
        else if (/^EHLO|^HELO/i.test(line)) {
          const offers = secure === 'starttls' && !(socket instanceof TLSSocket);
          say(offers ? '250-relais.hopital.example\r\n250 STARTTLS' : '250 relais.hopital.example');
        } else if (/^STARTTLS/i.test(line)) {
          if (secure !== 'starttls') {
            say('502 not here');
            continue;
          }
          socket
            .removeAllListeners('data')
            .write('220 go on\r\n', () => serve(new TLSSocket(socket, { isServer: true, ...pem }), false));
          return;
        } else if (/^MAIL FROM:/i.test(line)) {
          mail.from = line.slice(10);
          say(`${status} ${status === 250 ? 'ok' : 'not now'}`);
        } else if (/^RCPT TO:/i.test(line)) {
          const isRefused = refused !== undefined && line.includes(refused);
          if (!isRefused) mail.to.push(line.slice(8));
          say(isRefused ? '550 nobody of that name' : '250 ok');
        } else if (/^DATA/i.test(line)) {
          isData = true;
          say('354 go on');
        } else say('221 bye');
      }
    });
  };
  const server =
    secure === 'tls'
      ? createTlsServer(pem, (socket) => serve(socket))
      : createServer((socket) => serve(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    refuse: (next) => {
      status = next;
    },
    refuseRecipient: (part) => {
      refused = part;
    },
    atTheEnd: (what) => {
      end = what;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
