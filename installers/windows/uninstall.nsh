; Uninstalling keeps the data; /PURGE takes it away, and not while something is unsent unless /LOSEUNSENT is said.
; Whoever wants the exit code says where the program is, so that it works from there: /S _?=<folder>, the last word.

Var Purge
Var LoseUnsent

Function un.onInit
  InitPluginsDir
  !insertmacro FindPlaces
  StrCpy $Purge 0
  StrCpy $LoseUnsent 0
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/PURGE" $R1
  ${IfNot} ${Errors}
    StrCpy $Purge 1
  ${EndIf}
  ClearErrors
  ${GetOptions} $R0 "/LOSEUNSENT" $R1
  ${IfNot} ${Errors}
    StrCpy $LoseUnsent 1
  ${EndIf}
FunctionEnd

Section "Uninstall"
  SetOutPath "$TEMP"
  Call un.ServiceState
  StrCpy $WasRunning 0
  ${If} $0 > ${STOPPED}
    StrCpy $WasRunning 1
    Call un.StopService
    ${If} $0 = 0
      ${un.Refuse} ${NOT_STOPPED_FOR_REMOVAL} "$(NotStoppedForRemoval)"
    ${EndIf}
  ${EndIf}
  ${If} $Purge = 1
    Call un.PurgeData
  ${EndIf}
  Call un.DeleteService
  ${un.Tell} INFORMATION "Vaguemestre Agent ${VERSION}: uninstalled"
  RMDir /r "$INSTDIR\runtime"
  RMDir /r "$INSTDIR\release-keys"
  RMDir /r "$INSTDIR\versions"
  RMDir /r "$INSTDIR\incoming"
  RMDir /r "$INSTDIR\outgoing"
  Delete "$INSTDIR\launch.mjs"
  Delete "$INSTDIR\${PRODUCT}.cmd"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\install.json"
  Call un.DeleteItself
  RMDir "$INSTDIR"
  DeleteRegKey HKLM "${UNINSTALL_KEY}"
  ${If} $Purge = 1
    RMDir /r "$Data\agent"
    RMDir /r "$Data\releases"
    RMDir /r "$Data\logs"
    Delete "$Config"
    Delete "$Config.*.old"
    RMDir "$Data"
  ${EndIf}
SectionEnd

; The agent knows where its state is, and what in it has not been acknowledged.
Function un.PurgeData
  System::Call 'kernel32::SetEnvironmentVariableW(w "VAGUEMESTRE_CONFIG", w "$Config")'
  ${IfNot} ${FileExists} "$Config"
    ${If} ${FileExists} "$Data\agent\*.*"
    ${AndIf} $LoseUnsent = 0
      Call un.GoOn
      ${un.Refuse} ${UNSENT} "$(Unsent)"
    ${EndIf}
    Return
  ${EndIf}
  ${If} $LoseUnsent = 0
    ${un.Run} '"$INSTDIR\runtime\node.exe" "$INSTDIR\launch.mjs" purge --check'
    StrCpy $2 ""
    ${If} $0 == 0
      FileOpen $1 "$PLUGINSDIR\said.txt" r
      FileRead $1 $2
      FileClose $1
      ; A number without leading zeros.
      StrCpy $2 $2 1
    ${EndIf}
    ${If} $2 != "0"
      Call un.GoOn
      ${un.Refuse} ${UNSENT} "$(Unsent)"
    ${EndIf}
    ${un.Run} '"$INSTDIR\runtime\node.exe" "$INSTDIR\launch.mjs" purge --yes'
  ${Else}
    ${un.Run} '"$INSTDIR\runtime\node.exe" "$INSTDIR\launch.mjs" purge --yes --lose-unsent'
    ; A state that cannot be read any more was given up by whoever said so.
    StrCpy $0 0
  ${EndIf}
  ${If} $0 != 0
    Call un.GoOn
    ${un.Refuse} ${PURGE_FAILED} "$(PurgeFailed)"
  ${EndIf}
FunctionEnd

; Nothing was removed: the service goes on as it did.
Function un.GoOn
  ${If} $WasRunning = 1
    Call un.StartService
  ${EndIf}
FunctionEnd

; Where it runs from its own folder it holds its own file: what outlives it takes that away.
Function un.DeleteItself
  Delete "$INSTDIR\uninstall.exe"
  ${If} ${FileExists} "$INSTDIR\uninstall.exe"
    System::Call 'kernel32::SetEnvironmentVariableW(w "HOME_LEFT", w "$INSTDIR")'
    ; A name that nobody can have laid there before: this runs with all rights.
    GetTempFileName $0
    ClearErrors
    Rename "$0" "$0.cmd"
    ${If} ${Errors}
      Return
    ${EndIf}
    FileOpen $1 "$0.cmd" w
    FileWrite $1 '@echo off$\r$\nset left=60$\r$\n:again$\r$\nping -n 2 127.0.0.1 > nul$\r$\nset /a left-=1$\r$\n'
    FileWrite $1 'del /f /q "%HOME_LEFT%\uninstall.exe"$\r$\nif %left%==0 goto last$\r$\n'
    FileWrite $1 'if exist "%HOME_LEFT%\uninstall.exe" goto again$\r$\nrmdir "%HOME_LEFT%"$\r$\n:last$\r$\ndel "%~f0"$\r$\n'
    FileClose $1
    ExecShell "" "$SYSDIR\cmd.exe" '/d /c "$0.cmd"' SW_HIDE
  ${EndIf}
FunctionEnd
