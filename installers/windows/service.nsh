; The service manager's own calls: what its command-line tools print is translated, and says "stopped" too early.
; Each for the setup and, by its "un." name, for the uninstaller.

!define SERVICE "vaguemestre-agent"
!define STOPPED 1
!define RUNNING 4

!macro ServiceFunctions un

; → $0: 0 no such service, else its state (1 stopped ... 4 running)
Function ${un}ServiceState
  Push $1
  Push $2
  Push $3
  StrCpy $0 0
  System::Call 'advapi32::OpenSCManagerW(p 0, p 0, i 1) p .r1'
  ${If} $1 P<> 0
    System::Call 'advapi32::OpenServiceW(p r1, w "${SERVICE}", i 4) p .r2'
    ${If} $2 P<> 0
      ; SERVICE_STATUS: seven numbers, the second is the state.
      System::Call '*(i, i, i, i, i, i, i) p .r3'
      System::Call 'advapi32::QueryServiceStatus(p r2, p r3)'
      System::Call '*$3(i, i .r0)'
      System::Free $3
      System::Call 'advapi32::CloseServiceHandle(p r2)'
    ${EndIf}
    System::Call 'advapi32::CloseServiceHandle(p r1)'
  ${EndIf}
  Pop $3
  Pop $2
  Pop $1
FunctionEnd

; Asks, and waits up to 90 s: the agent has 60 s to end what it has begun. → $0: 1 it is not running any more
Function ${un}StopService
  Push $1
  Push $2
  Push $3
  System::Call 'advapi32::OpenSCManagerW(p 0, p 0, i 1) p .r1'
  System::Call 'advapi32::OpenServiceW(p r1, w "${SERVICE}", i 0x24) p .r2'
  System::Call '*(i, i, i, i, i, i, i) p .r3'
  System::Call 'advapi32::ControlService(p r2, i 1, p r3)'
  System::Free $3
  System::Call 'advapi32::CloseServiceHandle(p r2)'
  System::Call 'advapi32::CloseServiceHandle(p r1)'
  StrCpy $1 0
  ${Do}
    Call ${un}ServiceState
    ${If} $0 <= ${STOPPED}
      StrCpy $0 1
      ${ExitDo}
    ${EndIf}
    StrCpy $0 0
    Sleep 250
    IntOp $1 $1 + 1
  ${LoopUntil} $1 > 360
  Pop $3
  Pop $2
  Pop $1
FunctionEnd

; → $0: 1 it runs
Function ${un}StartService
  Push $1
  Push $2
  System::Call 'advapi32::OpenSCManagerW(p 0, p 0, i 1) p .r1'
  System::Call 'advapi32::OpenServiceW(p r1, w "${SERVICE}", i 0x14) p .r2'
  System::Call 'advapi32::StartServiceW(p r2, i 0, p 0)'
  System::Call 'advapi32::CloseServiceHandle(p r2)'
  System::Call 'advapi32::CloseServiceHandle(p r1)'
  StrCpy $1 0
  ${Do}
    Call ${un}ServiceState
    ${If} $0 = ${RUNNING}
      StrCpy $0 1
      ${ExitDo}
    ${EndIf}
    StrCpy $0 0
    Sleep 250
    IntOp $1 $1 + 1
  ${LoopUntil} $1 > 120
  Pop $2
  Pop $1
FunctionEnd

Function ${un}DeleteService
  Push $1
  Push $2
  System::Call 'advapi32::OpenSCManagerW(p 0, p 0, i 1) p .r1'
  System::Call 'advapi32::OpenServiceW(p r1, w "${SERVICE}", i 0x10000) p .r2'
  System::Call 'advapi32::DeleteService(p r2)'
  System::Call 'advapi32::CloseServiceHandle(p r2)'
  System::Call 'advapi32::CloseServiceHandle(p r1)'
  Pop $2
  Pop $1
FunctionEnd

!macroend
!insertmacro ServiceFunctions ""
!insertmacro ServiceFunctions "un."

; $0 account, $1 password: handed over in memory, never on a command line. → $0: 1 accepted
Function SetServicePassword
  Push $2
  Push $3
  StrCpy $4 0
  System::Call 'advapi32::OpenSCManagerW(p 0, p 0, i 1) p .r2'
  System::Call 'advapi32::OpenServiceW(p r2, w "${SERVICE}", i 2) p .r3'
  System::Call 'advapi32::ChangeServiceConfigW(p r3, i -1, i -1, i -1, p 0, p 0, p 0, p 0, w r0, w r1, p 0) i .r4'
  System::Call 'advapi32::CloseServiceHandle(p r3)'
  System::Call 'advapi32::CloseServiceHandle(p r2)'
  StrCpy $0 $4
  Pop $3
  Pop $2
FunctionEnd
