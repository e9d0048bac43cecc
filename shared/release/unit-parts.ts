/**
 * What is taken from a service of ours, as lines of a unit's [Service]. Each was tried with both programs running, so the
 * list is not to be shortened for comfort; V8 writes code at run time, hence no MemoryDenyWriteExecute. Folders outside
 * the service's own need a drop-in.
 */
export const unitHardening = `UMask=0077
NoNewPrivileges=true
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=true
PrivateTmp=true
PrivateDevices=true
DevicePolicy=closed
PrivateUsers=true
ProtectClock=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
ProtectControlGroups=true
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
RemoveIPC=true
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM`;

/** glibc's allocator keeps an arena a thread; two are enough, and 3 MB of an idle agent's 99 are saved (measured; one: 2 MB). */
export const unitEnvironment = 'Environment=MALLOC_ARENA_MAX=2';

/** [Unit] of a service that runs for good. */
export function unitHead(description: string): string {
  return `[Unit]
Description=${description}
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=600
StartLimitBurst=20`;
}

/** Whom a service runs as, and what its environment is; `name`: of its file of settings (Debian's place, RPM's place). */
export function unitAccount(name: string, account: string): string {
  return `User=${account}
Group=${account}
EnvironmentFile=-/etc/default/${name}
EnvironmentFile=-/etc/sysconfig/${name}
${unitEnvironment}`;
}
