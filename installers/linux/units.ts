import { unitText } from '../../agent/service/unit.ts';
import { unitAccount, unitHardening, unitHead } from '../../shared/release/unit-parts.ts';
import { agentFacts, linuxPlaces, receiverFacts, type ProductFacts } from '../common/products.ts';

/** Units that a package brings: file name → text. */
export function unitsOf(facts: ProductFacts): Readonly<Record<string, string>> {
  return facts.sources === 'agent'
    ? { 'vaguemestre-agent.service': agentUnit() }
    : {
        'vaguemestre-receiver.service': receiverUnit(),
        'vaguemestre-receiver-backup.service': backupUnit(),
        'vaguemestre-receiver-backup.timer': backupTimer,
      };
}

function agentUnit(): string {
  return unitText({
    name: agentFacts.product,
    user: agentFacts.account,
    ...programOf(agentFacts),
    configPath: linuxPlaces.config(agentFacts),
    state: linuxPlaces.state(agentFacts),
  });
}

function receiverUnit(): string {
  const { account, product } = receiverFacts;
  return `${unitHead("Vaguemestre receiver: receives a region's emergency data and delivers it")}

[Service]
Type=exec
${unitAccount(product, account)}
# Its ports are above 1023: a proxy or a balancer stands before it on 443, and no capability is needed.
ExecStart=${command(receiverFacts, 'serve')}
Restart=on-failure
RestartPreventExitStatus=2
RestartSec=10
TimeoutStopSec=60
MemoryMax=4G
TasksMax=128
LimitNOFILE=16384
# A destination's folder that lies elsewhere: systemctl edit ${product}, [Service], ReadWritePaths=FOLDER
StateDirectory=vaguemestre/receiver vaguemestre/receiver-dispatches
StateDirectoryMode=0700
${unitHardening}
# Listening on 0.0.0.0, it asks the kernel for the machine's addresses.
RestrictAddressFamilies=AF_NETLINK

[Install]
WantedBy=multi-user.target
`;
}

/** Its folder is not opened for the receiver that serves: a fault there cannot spoil what was saved. */
function backupUnit(): string {
  const { account, product } = receiverFacts;
  return `[Unit]
Description=Vaguemestre receiver: sealed backup of the region
# Nothing to save while there is no region.
ConditionPathExists=${linuxPlaces.config(receiverFacts)}
ConditionPathExists=${linuxPlaces.state(receiverFacts)}/receiver.db

[Service]
Type=oneshot
${unitAccount(product, account)}
ExecStart=${command(receiverFacts, `backup --to ${backupFolder} --keep 14`)}
TimeoutStartSec=6h
Nice=10
IOSchedulingClass=idle
MemoryMax=1G
TasksMax=64
# Another folder: systemctl edit ${product}-backup, [Service], an empty ExecStart=, a new one, ReadWritePaths=FOLDER
StateDirectory=vaguemestre/receiver vaguemestre/receiver-backups
StateDirectoryMode=0700
${unitHardening}
`;
}

export const backupFolder = '/var/lib/vaguemestre/receiver-backups';

const backupTimer = `[Unit]
Description=Vaguemestre receiver: a backup every night

[Timer]
OnCalendar=*-*-* 02:30:00
RandomizedDelaySec=30min
Persistent=true

[Install]
WantedBy=timers.target
`;

function programOf(facts: ProductFacts): { readonly node: string; readonly script: string } {
  const home = linuxPlaces.home(facts);
  return { node: `${home}/runtime/node`, script: `${home}/launch.mjs` };
}

function command(facts: ProductFacts, words: string): string {
  const { node, script } = programOf(facts);
  return `${node} ${script} ${words} --config ${linuxPlaces.config(facts)}`;
}
