; Programs run to their end, and a log that says what happened. In UTF-8, as the agent writes.

!macro StepFunctions un

Function ${un}FindLog
  ${If} ${FileExists} "$Data\logs\*"
    StrCpy $LogFile "$Data\logs\setup.log"
  ${Else}
    StrCpy $LogFile "$TEMP\vaguemestre-agent-setup.log"
  ${EndIf}
FunctionEnd

; $0: a line
Function ${un}Log
  Push $1
  Push $2
  Push $3
  Push $4
  Call ${un}FindLog
  DetailPrint "$0"
  FileOpen $1 "$LogFile" a
  ${If} $1 != ""
    FileSeek $1 0 END
    StrCpy $0 "$0$\r$\n"
    System::Alloc 8192
    Pop $2
    System::Call 'kernel32::WideCharToMultiByte(i 65001, i 0, w r0, i -1, p r2, i 8192, p 0, p 0) i .r3'
    IntOp $3 $3 - 1
    System::Call 'kernel32::WriteFile(p r1, p r2, i r3, *i .r4, p 0)'
    System::Free $2
    FileClose $1
  ${EndIf}
  Pop $4
  Pop $3
  Pop $2
  Pop $1
FunctionEnd

; $0: a command line; what it says goes to said.txt and to the log. → $0: its exit code
Function ${un}Run
  Push $1
  StrCpy $1 "$0"
  StrCpy $0 "> $1"
  Call ${un}Log
  ; Through files: under some hosts of setups a pipe is no valid output for the runtime.
  nsExec::Exec '"$SYSDIR\cmd.exe" /d /s /c "$1 > "$PLUGINSDIR\said.txt" 2>&1 < nul"'
  Pop $1
  nsExec::Exec '"$SYSDIR\cmd.exe" /d /s /c "type "$PLUGINSDIR\said.txt" >> "$LogFile""'
  Pop $0
  StrCpy $0 "= $1"
  Call ${un}Log
  StrCpy $0 $1
  Pop $1
FunctionEnd

; $0: exit code, $1: text. Ends the setup.
Function ${un}Refuse
  Push $0
  StrCpy $0 "$1 [$0]"
  Call ${un}Log
  Pop $0
  SetErrorLevel $0
  MessageBox MB_OK|MB_ICONSTOP "$1" /SD IDOK
  Quit
FunctionEnd

!macroend
!insertmacro StepFunctions ""
!insertmacro StepFunctions "un."

!macro Refuse un code text
  StrCpy $1 "${text}"
  StrCpy $0 ${code}
  Call ${un}Refuse
!macroend
!define Refuse '!insertmacro Refuse ""'
!define un.Refuse '!insertmacro Refuse "un."'

!macro Run un command
  StrCpy $0 '${command}'
  Call ${un}Run
!macroend
!define Run '!insertmacro Run ""'
!define un.Run '!insertmacro Run "un."'

; The Application log, where Windows' own tools look; without it all the rest goes on.
!macro Tell un type text
  StrCpy $0 "${text}"
  Call ${un}Log
  nsExec::Exec '"$SYSDIR\eventcreate.exe" /L APPLICATION /SO "Vaguemestre Agent" /T ${type} /ID 1 /D "${text}"'
  Pop $0
!macroend
!define Tell '!insertmacro Tell ""'
!define un.Tell '!insertmacro Tell "un."'
