; The Windows setup of the agent. Given by nsis.ts: VERSION, VERSION4, STAGE (the home as it is to be), SCHEMA (how many
; migrations its program knows), INSTALL_FILE (writes install.json), LICENCE, SIZE_KB, OUT; FAST, SIGN.
;
;   <folder>\runtime\{node.exe, shawl.exe}  launch.mjs  install.json  release-keys\  versions\<v>\
;   %ProgramData%\Vaguemestre\{agent.yaml, agent\, releases\, logs\}
;
; A new version is laid whole in <folder>\incoming and tried there while the old one still works; then the service stops,
; the old parts go to <folder>\outgoing and the new ones take their places, and the service starts. Until it runs,
; everything can go back. What an interrupted setup has left is put back by the next one.

Unicode true
Target amd64-unicode
!ifdef FAST
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif
SetDateSave on
ManifestSupportedOS Win10
RequestExecutionLevel admin
!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

!define PRODUCT "vaguemestre-agent"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${PRODUCT}"

Name "Vaguemestre Agent ${VERSION}"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\Vaguemestre Agent"
InstallDirRegKey HKLM "${UNINSTALL_KEY}" "InstallLocation"
BrandingText "Vaguemestre"
VIProductVersion "${VERSION4}"
VIAddVersionKey "ProductName" "Vaguemestre Agent"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Vaguemestre Agent setup"
VIAddVersionKey "LegalCopyright" "Apache-2.0"

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WinVer.nsh
!include x64.nsh

Var Data
Var DataInJson
Var Config
Var LogFile
Var Answers
Var Account
Var AccountInJson
Var PasswordFile
Var ServiceAccount
Var Installed
Var InstalledVersion
Var WasRunning
Var IsUpgrade
Var Outcome

!define MUI_ICON "${NSISDIR}\Contrib\Graphics\Icons\modern-install.ico"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION ConfigureNow
!define MUI_FINISHPAGE_RUN_TEXT "$(ConfigureNow)"
!define MUI_FINISHPAGE_RUN_NOTCHECKED
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipOnUpgrade
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE StayWhenTaken
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenConfigured
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "French"
!insertmacro MUI_LANGUAGE "English"
!include texts.nsh
!include exit-codes.nsh
!include WordFunc.nsh
!include service.nsh
!include steps.nsh
!include switch.nsh
!include "${INSTALL_FILE}"

!macro FindPlaces
  SetShellVarContext all
  StrCpy $Data "$APPDATA\Vaguemestre"
  StrCpy $Config "$Data\agent.yaml"
!macroend

Function .onInit
  InitPluginsDir
  !insertmacro FindPlaces
  Call ReadOptions
  UserInfo::GetAccountType
  Pop $0
  ${If} $0 != "Admin"
    ${Refuse} ${NEEDS_ADMINISTRATOR} "$(NeedsAdministrator)"
  ${EndIf}
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${RunningX64}
    ${Refuse} ${WINDOWS_TOO_OLD} "$(WindowsTooOld)"
  ${EndIf}
  System::Call 'kernel32::CreateMutexW(p 0, i 0, w "Global\${PRODUCT}-setup") p .r1 ?e'
  Pop $0
  ${If} $0 = 183
    ${Refuse} ${ALREADY_RUNNING} "$(AlreadyRunning)"
  ${EndIf}
  ReadRegStr $Installed HKLM "${UNINSTALL_KEY}" "InstallLocation"
  ReadRegStr $InstalledVersion HKLM "${UNINSTALL_KEY}" "DisplayVersion"
  StrCpy $IsUpgrade 0
  ${If} $Installed != ""
    ${If} $Installed != $INSTDIR
      ${Refuse} ${INSTALLED_ELSEWHERE} "$(InstalledElsewhere)"
    ${EndIf}
    StrCpy $IsUpgrade 1
  ${EndIf}
  ${If} ${Silent}
    Call IsTaken
    ${If} $0 = 1
      ${Refuse} ${FOLDER_TAKEN} "$(FolderTaken)"
    ${EndIf}
  ${EndIf}
FunctionEnd

; A value that holds "/" would be cut there: paths of Windows do not, and nothing else is taken.
Function ReadOptions
  ${GetParameters} $R0
  ${GetOptions} $R0 "/CONFIG=" $Answers
  ${GetOptions} $R0 "/ACCOUNT=" $Account
  ${GetOptions} $R0 "/ACCOUNTPASSWORDFILE=" $PasswordFile
FunctionEnd

; → $0: 1 when the folder holds something, and that is not ours
Function IsTaken
  StrCpy $0 0
  ${If} ${FileExists} "$INSTDIR\*.*"
    FindFirst $1 $2 "$INSTDIR\*.*"
    ${DoWhile} $2 != ""
      ${If} $2 != "."
      ${AndIf} $2 != ".."
        StrCpy $0 1
      ${EndIf}
      FindNext $1 $2
    ${Loop}
    FindClose $1
    Call IsOurs
    ${If} $1 = 1
      StrCpy $0 0
    ${EndIf}
  ${EndIf}
FunctionEnd

; → $1: 1 when the folder is an agent's, or what a setup that was broken off has left of one
Function IsOurs
  StrCpy $1 0
  ${If} ${FileExists} "$INSTDIR\install.json"
    FileOpen $2 "$INSTDIR\install.json" r
    FileRead $2 $3
    FileClose $2
    StrCpy $4 '{"product":"${PRODUCT}"'
    StrLen $5 $4
    StrCpy $3 $3 $5
    ${If} $3 == $4
      StrCpy $1 1
    ${EndIf}
  ${ElseIf} ${FileExists} "$INSTDIR\outgoing\install.json"
  ${OrIf} ${FileExists} "$INSTDIR\incoming\setup-of-${PRODUCT}"
    StrCpy $1 1
  ${EndIf}
FunctionEnd

Function SkipOnUpgrade
  ${If} $IsUpgrade = 1
    Abort
  ${EndIf}
FunctionEnd

Function StayWhenTaken
  Call IsTaken
  ${If} $0 = 1
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(FolderTaken)"
    Abort
  ${EndIf}
FunctionEnd

Function SkipWhenConfigured
  ${If} ${FileExists} "$Config"
    Abort
  ${EndIf}
FunctionEnd

Function ConfigureNow
  Exec '"$SYSDIR\cmd.exe" /d /s /k ""$INSTDIR\${PRODUCT}.cmd" setup"'
FunctionEnd

Section
  StrCpy $Outcome 0
  Call PutBackWhatWasBrokenOff
  Call LayIncoming
  Call MakeDataFolder
  Call TryIncoming
  Call SwitchOver
  Call Register
  Call Configure
  Call InstallService
  Call StartAgain
  RMDir /r "$INSTDIR\outgoing"
  ${Tell} INFORMATION "$(Installed_)"
  ${If} $Outcome <> 0
    SetErrorLevel $Outcome
  ${EndIf}
SectionEnd

; Whole, beside what runs.
Function LayIncoming
  DetailPrint "$(Laying)"
  ; Under another folder than the default the code that the service runs must be as closed as under Program Files.
  ${IfNot} ${FileExists} "$INSTDIR\*.*"
    CreateDirectory "$INSTDIR"
    nsExec::Exec '"$SYSDIR\icacls.exe" "$INSTDIR" /inheritance:r /grant *S-1-5-18:(OI)(CI)F /grant *S-1-5-32-544:(OI)(CI)F /grant *S-1-5-32-545:(OI)(CI)RX'
    Pop $0
  ${EndIf}
  RMDir /r "$INSTDIR\incoming"
  CreateDirectory "$INSTDIR\incoming"
  FileOpen $0 "$INSTDIR\incoming\setup-of-${PRODUCT}" w
  FileClose $0
  ClearErrors
  SetOutPath "$INSTDIR\incoming"
  File /r "${STAGE}/*"
  ${If} ${Errors}
    Call DropIncoming
    ${Refuse} ${FILES_NOT_LAID} "$(FilesNotLaid)"
  ${EndIf}
  WriteUninstaller "$INSTDIR\incoming\uninstall.exe"
  SetOutPath "$TEMP"
FunctionEnd

; What every account may create under ProgramData is no place for keys: only the system, the administrators, and the
; service's account (which "service install" lets in) get in.
Function MakeDataFolder
  ${If} $IsUpgrade = 0
    CreateDirectory "$Data"
    nsExec::Exec '"$SYSDIR\icacls.exe" "$Data" /setowner *S-1-5-32-544 /T /C /Q'
    Pop $0
    nsExec::Exec '"$SYSDIR\icacls.exe" "$Data" /inheritance:r /grant *S-1-5-18:(OI)(CI)F /grant *S-1-5-32-544:(OI)(CI)F'
    Pop $0
  ${EndIf}
  CreateDirectory "$Data\logs"
FunctionEnd

; The new runtime with the new code, while the old one still works. No path leads back when it fails: nothing was left.
Function TryIncoming
  DetailPrint "$(Testing)"
  System::Call 'kernel32::SetEnvironmentVariableW(w "VAGUEMESTRE_CONFIG", w "$Config")'
  StrCpy $5 '"$INSTDIR\incoming\runtime\node.exe" "$INSTDIR\incoming\versions\${VERSION}\main.mjs"'
  ${Run} '$5 --version'
  ${If} $0 == 0
  ${AndIf} ${FileExists} "$Config"
    ${Run} '$5 selftest --may-return-to ${SCHEMA}'
    Call FirstCode
    ${If} $1 == "database-newer"
      Call DropIncoming
      ${Refuse} ${NO_WAY_BACK} "$(NoWayBack)"
    ${EndIf}
    ${Run} '$5 selftest'
  ${EndIf}
  ${If} $0 != 0
    Call DropIncoming
    ${Tell} ERROR "$(SelfTestFailed)"
    ${Refuse} ${SELF_TEST_FAILED} "$(SelfTestFailed)"
  ${EndIf}
FunctionEnd

; → $1: the fault's code that the last program said, up to its colon
Function FirstCode
  StrCpy $1 ""
  FileOpen $2 "$PLUGINSDIR\said.txt" r
  ${If} $2 != ""
    FileRead $2 $1
    FileClose $2
  ${EndIf}
  ${WordFind} "$1" ":" "+1" $1
FunctionEnd

Function DropIncoming
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\incoming"
  ${If} $IsUpgrade = 0
    RMDir "$INSTDIR"
  ${EndIf}
FunctionEnd

Function SwitchOver
  DetailPrint "$(Switching)"
  Call ServiceState
  StrCpy $WasRunning 0
  ${If} $0 > ${STOPPED}
    StrCpy $WasRunning 1
    Call StopService
    ${If} $0 = 0
      Call DropIncoming
      ${Refuse} ${SERVICE_DID_NOT_STOP} "$(ServiceDidNotStop)"
    ${EndIf}
  ${EndIf}
  Call FindAccount
  Call WriteInstallFile
  Call MoveIn
  ${If} $0 = 0
    Call MoveBack
    Call DropIncoming
    ${If} $WasRunning = 1
      Call StartService
    ${EndIf}
    ${Refuse} ${FILES_NOT_LAID} "$(FilesNotLaid)"
  ${EndIf}
FunctionEnd

; Asked for now, or the service's as it is.
Function FindAccount
  StrCpy $ServiceAccount $Account
  ${If} $ServiceAccount == ""
    ReadRegStr $ServiceAccount HKLM "SYSTEM\CurrentControlSet\Services\${SERVICE}" "ObjectName"
  ${EndIf}
  ${If} $ServiceAccount == ""
    StrCpy $ServiceAccount "NT SERVICE\${SERVICE}"
  ${EndIf}
FunctionEnd

Function Register
  ClearErrors
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayName" "Vaguemestre Agent"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "Publisher" "Vaguemestre"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\uninstall.exe"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "NoRepair" 1
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KB}
FunctionEnd

; The answer file is the agent's own: it is read, checked and carried out by it. Run again, it changes nothing.
Function Configure
  ${If} $Answers == ""
    Return
  ${EndIf}
  DetailPrint "$(Configuring)"
  Call ServiceState
  StrCpy $5 $0
  StrCpy $3 0
  ${If} ${FileExists} "$Config"
    StrCpy $3 1
  ${EndIf}
  ${Run} '"$INSTDIR\runtime\node.exe" "$INSTDIR\launch.mjs" setup --answers "$Answers" --config "$Config"'
  ${If} $0 == 0
    Return
  ${EndIf}
  Call FirstCode
  ${If} $1 == "setup-config-exists"
  ${AndIf} $3 = 1
    StrCpy $0 "$(ConfigKept)"
    Call Log
    Return
  ${EndIf}
  ; What the file says is wrong; else what it asks could not be done.
  StrCpy $4 ${ANSWERS_NOT_DONE}
  ${If} $1 != "setup-step-failed"
    StrCpy $0 $1 8
    StrCpy $2 $1 6
    ${If} $0 == "answers-"
    ${OrIf} $2 == "setup-"
      StrCpy $4 ${ANSWERS_WRONG}
    ${EndIf}
  ${EndIf}
  ; Where an agent was at work it goes on with what it had.
  ${If} $5 <> 0
    StrCpy $Outcome $4
    Return
  ${EndIf}
  ${If} $4 = ${ANSWERS_WRONG}
  ${AndIf} $IsUpgrade = 0
    Call RemoveProgram
    ${Refuse} ${ANSWERS_WRONG} "$(AnswersWrong)"
  ${EndIf}
  ${If} $4 = ${ANSWERS_WRONG}
    ${Refuse} ${ANSWERS_WRONG} "$(AnswersWrong)"
  ${EndIf}
  ${Refuse} ${ANSWERS_NOT_DONE} "$(AnswersNotDone)"
FunctionEnd

Function InstallService
  ${IfNot} ${FileExists} "$Config"
    Return
  ${EndIf}
  Call ServiceState
  ${If} $0 <> 0
  ${AndIf} $Account != ""
    Call StopService
    Call DeleteService
    StrCpy $0 0
  ${EndIf}
  ${If} $0 = 0
    StrCpy $WasRunning 1
  ${EndIf}
  ${If} $0 = 0
    ${Run} '"$INSTDIR\runtime\node.exe" "$INSTDIR\launch.mjs" service install --config "$Config" --account "$ServiceAccount"'
    ${If} $0 != 0
      ${Refuse} ${SERVICE_NOT_MADE} "$(ServiceNotMade)"
    ${EndIf}
    Call TakePassword
  ${EndIf}
  ; The account reads its configuration and its updates, and writes neither.
  ${Run} '"$SYSDIR\icacls.exe" "$Data" /grant "$ServiceAccount:(OI)(CI)RX"'
FunctionEnd

Function TakePassword
  ${If} $PasswordFile == ""
    Return
  ${EndIf}
  StrCpy $1 ""
  FileOpen $2 "$PasswordFile" r
  ${If} $2 != ""
    FileRead $2 $1
    FileClose $2
  ${EndIf}
  ; The end of its line is no part of it.
  ${Do}
    StrCpy $3 $1 1 -1
    ${If} $3 != "$\r"
    ${AndIf} $3 != "$\n"
      ${ExitDo}
    ${EndIf}
    StrCpy $1 $1 -1
  ${Loop}
  ${If} $1 == ""
    ${Refuse} ${SERVICE_NOT_MADE} "$(AccountRefused)"
  ${EndIf}
  StrCpy $0 $Account
  Call SetServicePassword
  StrCpy $1 ""
  Delete "$PasswordFile"
  ${If} $0 = 0
    ${Refuse} ${SERVICE_NOT_MADE} "$(AccountRefused)"
  ${EndIf}
FunctionEnd

Function StartAgain
  ${If} $WasRunning = 0
    Return
  ${EndIf}
  DetailPrint "$(Starting)"
  Call StartService
  ; The wrapper runs before what it wraps does, and ends with it.
  ${If} $0 = 1
    Sleep 3000
    Call ServiceState
  ${EndIf}
  ${If} $0 = ${RUNNING}
    Return
  ${EndIf}
  ${If} $IsUpgrade = 0
    ${Refuse} ${DID_NOT_START} "$(DidNotStart)"
  ${EndIf}
  Call StopService
  Call MoveBack
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayVersion" "$InstalledVersion"
  Call StartService
  ${Tell} ERROR "$(PreviousIsBack)"
  ${Refuse} ${DID_NOT_START} "$(PreviousIsBack)"
FunctionEnd

!include uninstall.nsh
